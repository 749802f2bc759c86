#pragma once

#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/core/result.h"
#include "reconcilers/core/text_table.h"
#include "reconcilers/ports/leadership.h"

namespace reconcile::postgres {

/// One connection, with the settings every pass needs: UTC, so that a hazard's class does not
/// depend on who runs it; no reconnecting behind the caller's back, since a lease and a transaction
/// live in the connection. Exceptions of libpqxx end here. Not thread-safe.
class Session {
 public:
  /// `conninfo` is libpq's, a URI or key=value. Errors name host, port, user and database, never a
  /// password.
  static Result<std::unique_ptr<Session>> connect(const std::string& conninfo);

  /// Sends `sql` as one message, which may hold several statements; returns the last one's rows.
  Result<TextTable> query(std::string_view sql);
  Result<void> execute(std::string_view sql);
  /// Sends exactly one statement: the server refuses more.
  Result<TextTable> query(std::string_view sql, const std::vector<std::string>& parameters);
  /// Sends `sql` in one message with the next statement, and before it: that is a round trip less.
  /// Its errors are that statement's; where that one fails, it is undone with it.
  void put_off(std::string_view sql);

  /// Whether the apply transaction is open; its owner says so.
  bool in_transaction() const { return in_transaction_; }
  void in_transaction(bool open) { in_transaction_ = open; }

  /// The server's, as 15.
  int major_version() const { return connection_->server_version() / 10'000; }

  /// Whether the process that answers is the one that the session was told of when it began: a
  /// pooler makes one up.
  bool is_direct() const { return backend_ == connection_->backendpid(); }
  /// What others say on `channel` is kept from now on, for notices(), which does not wait.
  Result<void> listen(const std::string& channel);
  Result<std::vector<Notice>> notices();
  int socket() const { return connection_->sock(); }

  /// "database trm on db.example:5432 as reconcile".
  const std::string& address() const { return address_; }

 private:
  Session(std::unique_ptr<pqxx::connection> connection, std::string address);
  template <class Call>
  Result<TextTable> guarded(Call call);
  template <class Call>
  Result<TextTable> without_work(Call call);
  pqxx::nontransaction& work();

  std::unique_ptr<pqxx::connection> connection_;
  std::unique_ptr<pqxx::errorhandler> errors_;  // keeps libpqxx from printing notices
  std::unique_ptr<pqxx::nontransaction>
      work_;  // statements as they are: transactions are begun and ended in SQL; null once lost
  std::string address_;
  std::string put_off_;
  std::vector<Notice> arrived_;
  std::vector<std::unique_ptr<pqxx::notification_receiver>> listeners_;  // fill arrived_
  int backend_ = 0;                                                      // that answered first
  bool in_transaction_ = false;
};

/// The server's message without its prefix and without the quoted statement; DETAIL is kept, HINT
/// goes to `next`.
struct ServerMessage {
  std::string text;
  std::string hint;
};
ServerMessage parse_server_message(std::string_view message);

}  // namespace reconcile::postgres
