#include "controller/cli/serve_alerts.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "reconcilers/alerts/book_json.h"

namespace reconcile::cli {
namespace {

namespace asio = boost::asio;

constexpr std::size_t most_threads = 4;
/// For books; a few, so that one database that does not answer keeps nobody else from theirs.
constexpr std::size_t database_threads = 4;
/// Until a database that was away is asked again for a book.
constexpr auto pause = std::chrono::seconds(30);

WallTime now() { return std::chrono::system_clock::now(); }

bool same(const std::optional<Fence>& left, const std::optional<Fence>& right) {
  if (!left || !right) return !left && !right;
  return left->backend == right->backend && left->key == right->key;
}

}  // namespace

ServeAlerts::ServeAlerts(asio::io_context& io, Notifiers notifiers, Options options)
    : io_(io),
      notifiers_(std::make_shared<Notifiers>(std::move(notifiers))),
      options_(std::move(options)),
      timer_(io),
      threads_(std::clamp<std::size_t>(notifiers_->by_name.size(), 1, most_threads)),
      database_threads_(database_threads) {
  settings_.receivers = notifiers_->receivers;
}

ServeAlerts::~ServeAlerts() {
  threads_.join();
  database_threads_.join();
}

void ServeAlerts::use(Notifiers notifiers) {
  notifiers_ = std::make_shared<Notifiers>(std::move(notifiers));
  settings_.receivers = notifiers_->receivers;
  std::vector<std::string> names;
  for (const auto& [name, notifier] : notifiers_->by_name) names.push_back(name);
  outbox_.keep_only(names);
}

void ServeAlerts::stop() {
  stopped_ = true;
  timer_.cancel();
}

// ---- who speaks of what

void ServeAlerts::led(const std::string& target, const std::optional<Fence>& fence,
                      const std::string& leader) {
  Desk& desk = desks_[target];
  if (fence) {
    if (desk.leaves || !same(desk.fence, fence))
      lead(target, desk, fence, options_.database(target));
  } else {
    desk.fence.reset();
    if (!leader.empty()) leave_to_another(target, desk);
  }
}

void ServeAlerts::lead(const std::string& name, Desk& desk, const std::optional<Fence>& fence,
                       const std::string& database) {
  desk.fence = fence;
  desk.database = database;
  desk.elsewhere = false;
  desk.leaves = false;
  desk.read = false;
  desk.not_before = {};
  desk.homeless.reset();
  if (!desk.waiting.empty()) go_on(name);
}

void ServeAlerts::leave_to_another(const std::string& name, Desk& desk) {
  desk.fence.reset();
  if (desk.elsewhere) return;
  desk.elsewhere = true;
  desk.waiting.clear();
  outbox_.forget(name);
  put(desk, alerts::hand_over(std::move(desk.book), desk.stored, now(), settings_));
  desk.stored = {};
  desk.version = 0;
  deliver();
}

void ServeAlerts::tell(const TargetStatus& status, alerts::News news) {
  if (settings_.receivers.empty()) return;
  Desk& desk = desks_[status.target];
  const Headline headline = status.standing.headline;
  const bool away = headline == Headline::Unknown || headline == Headline::Failed;
  // Of a target that nobody leads, because its database is away, the last leader speaks.
  if (!desk.fence && (desk.elsewhere || !status.leader.empty() || !away)) return;
  change(
      status.target,
      [this, status, news](alerts::Book book) {
        return alerts::update(std::move(book), status, news, now(), settings_);
      },
      news == alerts::News::PassEnded && !away);
}

void ServeAlerts::tell(const alerts::Repository& repository, const std::string& first) {
  if (first.empty()) {
    repositories_.erase(repository.name);
    return removed(repository.name);
  }
  repositories_[repository.name] = {repository, first};
  if (settings_.receivers.empty()) return;
  const auto speaker = desks_.find(first);
  if (speaker == desks_.end()) return;
  const std::optional<Fence> fence = speaker->second.fence;
  const std::string database = speaker->second.database;
  const bool elsewhere = speaker->second.elsewhere;
  Desk& desk = desks_[repository.name];
  if (elsewhere) return leave_to_another(repository.name, desk);
  if (!fence) {
    desk.fence.reset();
  } else if (!same(desk.fence, fence)) {
    lead(repository.name, desk, fence, database);
  }
  change(
      repository.name,
      [this, repository](alerts::Book book) {
        return alerts::update(std::move(book), repository, now(), settings_);
      },
      false);
}

void ServeAlerts::removed(const std::string& target) {
  const auto found = desks_.find(target);
  if (found == desks_.end()) return;
  Desk& desk = found->second;
  if (settings_.receivers.empty() || desk.elsewhere) {
    desk.book = {};
    desk.version = 0;
  }
  desk.leaves = true;
  change(
      target,
      [this](alerts::Book book) { return alerts::close(std::move(book), now(), settings_); }, true);
}

void ServeAlerts::pulse(const std::vector<TargetStatus>& targets) {
  for (const TargetStatus& status : targets) tell(status, alerts::News::TimePassed);
  const auto repositories = repositories_;
  for (const auto& [name, known] : repositories) tell(known.first, known.second);
  std::vector<std::string> leaving;
  for (const auto& [name, desk] : desks_) {
    if (desk.leaves) leaving.push_back(name);
  }
  for (const std::string& name : leaving) removed(name);
}

// ---- books

/// Where this replica leads, the book is read before the first change. `answers`: the database does
/// so again, and without its book all that is in it would be told twice.
void ServeAlerts::change(const std::string& name, Change change, bool answers) {
  Desk& desk = desks_[name];
  if (answers) desk.not_before = {};
  desk.waiting.push_back(std::move(change));
  go_on(name);
  deliver();
}

/// Does what is next, if nothing is under way.
void ServeAlerts::go_on(const std::string& name) {
  const auto found = desks_.find(name);
  if (found == desks_.end() || found->second.busy || stopped_) return;
  Desk& desk = found->second;
  const bool may_try = desk.fence && now() >= desk.not_before;
  if (may_try && !desk.read && !desk.waiting.empty()) return begin_read(name, desk);
  for (const Change& change : std::exchange(desk.waiting, {})) put(desk, change(desk.book));
  if (desk.leaves) {
    if (!desk.book.entries.empty()) return;
    if (desk.version > 0) return begin_removal(name, desk);
    desks_.erase(found);
    return;
  }
  const bool is_news = alerts::is_worth_keeping(desk.book, desk.stored) &&
                       (!desk.homeless || alerts::is_worth_keeping(desk.book, *desk.homeless));
  if (may_try && desk.read && is_news) begin_write(name, desk);
}

void ServeAlerts::put(Desk& desk, alerts::Update update) {
  desk.book = std::move(update.book);
  for (alerts::Delivery& delivery : update.deliveries) outbox_.put(std::move(delivery));
}

/// `end` gets the desk, and what came of `call`.
template <class Call, class End>
void ServeAlerts::at_the_database(const std::string& name, Call call, End end) {
  desks_.at(name).busy = true;
  asio::post(database_threads_, [this, name, call = std::move(call), end = std::move(end)] {
    asio::post(io_, [this, name, end, result = call()] {
      Desk& desk = desks_.at(name);
      desk.busy = false;
      end(desk, result);
      go_on(name);
      deliver();
    });
  });
}

void ServeAlerts::begin_read(const std::string& name, const Desk& desk) {
  at_the_database(
      name, [name, database = desk.database] { return postgres::read_alert_book(database, name); },
      [this, fence = desk.fence](Desk& its, const Result<postgres::AlertBookRow>& row) {
        if (same(its.fence, fence)) end_read(its, row);
      });
}

void ServeAlerts::end_read(Desk& desk, const Result<postgres::AlertBookRow>& row) {
  if (!row) return note_failure(desk, row.error());
  desk.read = true;
  // Where nobody else has written meanwhile, what is known here is newer.
  if (row->version == 0 || row->version == desk.version) return;
  auto stored = alerts::book_from_json(row->text);
  if (!stored) {
    options_.complain(describe(stored.error()) + "; next: " + stored.error().next);
    stored = alerts::Book();
  }
  desk.book = alerts::take_over(*stored, desk.book);
  desk.stored = std::move(*stored);
  desk.version = row->version;
}

void ServeAlerts::begin_write(const std::string& name, const Desk& desk) {
  at_the_database(
      name,
      [name, database = desk.database, text = alerts::to_json(desk.book), fence = *desk.fence] {
        return postgres::write_alert_book(database, name, text, fence);
      },
      [this, book = desk.book, fence = desk.fence](Desk& its,
                                                   const Result<postgres::AlertBookRow>& row) {
        // Whoever leads meanwhile has begun with it; here it is forgotten.
        if (its.elsewhere || (its.fence && !same(its.fence, fence))) return;
        if (!row) return note_failure(its, row.error());
        if (!row->has_place) {
          its.homeless = book;
        } else if (row->version == 0) {
          // Another one leads; this replica will hear of it.
          its.not_before = now() + pause;
        } else {
          its.stored = book;
          its.version = row->version;
          its.homeless.reset();
        }
      });
}

void ServeAlerts::begin_removal(const std::string& name, const Desk& desk) {
  at_the_database(
      name,
      [name, database = desk.database, version = desk.version] {
        return postgres::remove_alert_book(database, name, version);
      },
      // A database that was dropped has taken its book along.
      [](Desk& its, const Result<void>&) { its.version = 0; });
}

/// A pass says that a database is away. What only its owner can change is said once, and the book
/// stays in memory.
void ServeAlerts::note_failure(Desk& desk, const Error& error) {
  desk.not_before = now() + pause;
  if (error.kind == ErrorKind::Transient || desk.leaves) return;
  desk.read = true;
  desk.homeless = desk.book;
  if (std::exchange(complained_, true)) return;
  options_.complain("who was told of alerts stays in memory, where it ends with the process: " +
                    describe(error));
}

// ---- deliveries

void ServeAlerts::deliver() {
  if (stopped_) return;
  for (alerts::Delivery& delivery : outbox_.take(now())) {
    const auto receiver = notifiers_->by_name.find(delivery.receiver);
    if (receiver == notifiers_->by_name.end()) continue;
    asio::post(threads_, [this, all = notifiers_, one = receiver->second.get(),
                          what = std::move(delivery)] {
      auto receipt = one->deliver(what, now());
      asio::post(io_, [this, what, receipt = std::move(receipt)] { settle(what, receipt); });
    });
  }
  const auto next = outbox_.next();
  if (!next) return;
  timer_.expires_after(std::max(*next - now(), WallTime::duration::zero()));
  timer_.async_wait([this](const boost::system::error_code& code) {
    if (!code) deliver();
  });
}

void ServeAlerts::settle(const alerts::Delivery& delivery, const alerts::Receipt& receipt) {
  const auto end = outbox_.settle(delivery, receipt, now(), options_.random());
  if (receipt.error) options_.complain(describe(*receipt.error));
  options_.count(delivery.receiver, receipt.error ? "failed" : "delivered");
  if (end != alerts::Outbox::End::Later) {
    if (const auto desk = desks_.find(delivery.target); desk != desks_.end()) {
      alerts::Book& book = desk->second.book;
      book = alerts::delivered(std::move(book), delivery, now());
      if (desk->second.leaves) {
        removed(delivery.target);
      } else {
        go_on(delivery.target);
      }
    }
  }
  deliver();
}

}  // namespace reconcile::cli
