#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controller/cli/notifiers.h"
#include "controller/postgres/alert_book.h"
#include "reconcilers/alerts/book.h"
#include "reconcilers/alerts/outbox.h"

namespace reconcile::cli {

/// Tells receivers what becomes of the targets that this replica leads, and keeps in each target's
/// database who was told of what, so that another process goes on from there. It belongs to the I/O
/// thread; deliveries, and what is read and written, are made on threads of its own, so that
/// neither a slow receiver nor a database that is away keeps anybody waiting.
class ServeAlerts {
 public:
  struct Options {
    std::function<double()> random;
    /// Receiver, and delivered, failed or dropped.
    std::function<void(std::string_view receiver, std::string_view result)> count;
    std::function<void(const std::string& message)> complain;
    /// How libpq gets to the database of a target.
    std::function<std::string(const std::string& target)> database;
  };
  ServeAlerts(boost::asio::io_context& io, Notifiers notifiers, Options options);
  ~ServeAlerts();

  /// Goes on with these; what waits for others is forgotten.
  void use(Notifiers notifiers);
  /// Who leads the target; without a fence it is not this replica.
  void led(const std::string& target, const std::optional<Fence>& fence, const std::string& leader);
  void tell(const TargetStatus& status, alerts::News news);
  /// Whoever leads `first` of those that depend on a repository speaks for it.
  void tell(const alerts::Repository& repository, const std::string& first);
  /// It is no target any more: what was told of it is over.
  void removed(const std::string& target);
  /// Nothing new; to be said every half minute or so, with all targets.
  void pulse(const std::vector<TargetStatus>& targets);
  /// Nothing is delivered any more; what has begun ends.
  void stop();

 private:
  using Change = std::function<alerts::Update(alerts::Book)>;

  /// What is known here of the book of a target, or of a repository.
  struct Desk {
    alerts::Book book;
    alerts::Book stored;  ///< as it lies in the database
    std::int64_t version = 0;
    std::string database;
    std::optional<Fence> fence;
    bool elsewhere = false;  ///< another replica leads it
    bool leaves = false;     ///< it is no target any more
    bool read = false;       ///< as far as there is something to read, since this replica leads it
    bool busy = false;       ///< it is read or written now
    WallTime not_before{};   ///< after a database was away
    std::optional<alerts::Book> homeless = {};  ///< the book that found no place
    std::vector<Change> waiting = {};           ///< until it is read
  };

  void lead(const std::string& name, Desk& desk, const std::optional<Fence>& fence,
            const std::string& database);
  void leave_to_another(const std::string& name, Desk& desk);
  void change(const std::string& name, Change change, bool answers);
  void go_on(const std::string& name);
  void put(Desk& desk, alerts::Update update);
  template <class Call, class End>
  void at_the_database(const std::string& name, Call call, End end);
  void begin_read(const std::string& name, const Desk& desk);
  void end_read(Desk& desk, const Result<postgres::AlertBookRow>& row);
  void begin_write(const std::string& name, const Desk& desk);
  void begin_removal(const std::string& name, const Desk& desk);
  void note_failure(Desk& desk, const Error& error);
  void deliver();
  void settle(const alerts::Delivery& delivery, const alerts::Receipt& receipt);

  boost::asio::io_context& io_;
  std::shared_ptr<Notifiers> notifiers_;
  Options options_;
  alerts::Settings settings_;
  std::map<std::string, Desk> desks_;  ///< by target or repository
  std::map<std::string, std::pair<alerts::Repository, std::string>> repositories_;
  alerts::Outbox outbox_;
  boost::asio::steady_timer timer_;
  bool complained_ = false;
  bool stopped_ = false;
  boost::asio::thread_pool threads_, database_threads_;
};

}  // namespace reconcile::cli
