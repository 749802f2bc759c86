#include "controller/postgres/session.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <utility>

namespace reconcile::postgres {
namespace {

// A catalog function locks the table it speaks of, so even a reader must not wait for ever. By the
// last one the triggers of the watch know us.
constexpr std::string_view settings =
    "set application_name = 'reconcile'; set timezone = 'UTC'; set client_encoding = 'UTF8'; "
    "set standard_conforming_strings = on; set client_min_messages = warning; "
    "set datestyle = 'ISO'; set intervalstyle = 'postgres'; set extra_float_digits = 1; "
    "set lock_timeout = '10s'; set reconcile.pass = 'on'";

/// Since PostgreSQL 14: the backend of a controller that was killed ends with its statement under
/// way, and gives its locks and the lease back.
constexpr std::string_view end_with_the_client = "set client_connection_check_interval = '2s'";

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

/// Where a connection string leads, without its secrets.
std::string address_of(const std::string& conninfo) {
  std::string host = "the local socket";
  std::string port;
  std::string user;
  std::string database;
  const auto take = [&](const PQconninfoOption* option) {
    if (option->val == nullptr) return;
    const std::string_view key = option->keyword;
    if (key == "host") host = option->val;
    if (key == "port") port = option->val;
    if (key == "user") user = option->val;
    if (key == "dbname") database = option->val;
  };
  using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;
  for (const Options& options :
       {Options(PQconndefaults()), Options(PQconninfoParse(conninfo.c_str(), nullptr))}) {
    for (const PQconninfoOption* option = options.get();
         option != nullptr && option->keyword != nullptr; ++option)
      take(option);
  }
  return fmt::format("database {} on {}{}{}", database.empty() ? user : database, host,
                     port.empty() ? "" : ":" + port, user.empty() ? "" : " as " + user);
}

/// libpq writes "connection to server … failed: FATAL:  why"; the address stands in `where`
/// already.
std::string connection_problem(std::string_view message) {
  const std::size_t fatal = message.find("FATAL:");
  std::string text(fatal == std::string_view::npos ? message : message.substr(fatal + 6));
  const std::size_t start = text.find_first_not_of(' ');
  if (start != std::string::npos) text.erase(0, start);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (char& c : text) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  return text;
}

Error connection_error(const std::string& address, std::string_view message) {
  const std::string why = connection_problem(message);
  Error error{.kind = ErrorKind::Transient,
              .where = address,
              .what = "cannot connect",
              .why = why,
              .next = "check that the server runs and that --database points to it"};
  const auto mentions = [&](std::string_view words) {
    return why.find(words) != std::string::npos;
  };
  if (mentions("password") || mentions("authentication") || mentions("pg_hba")) {
    error.kind = ErrorKind::Terminal;
    error.next =
        "check user and password (PGPASSWORD, PGPASSFILE, or the connection string) and "
        "pg_hba.conf";
  } else if (mentions("does not exist")) {
    error.kind = ErrorKind::Terminal;
    error.next = "create it, or correct --database";
  }
  return error;
}

/// libpqxx 6 reconnects a lost connection in silence, without our lease, settings and transaction.
/// Its successor does not, which is why the switch is marked deprecated; version 6 still needs it.
void forbid_reconnecting(pqxx::connection& connection) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
}

TextTable to_table(const pqxx::result& rows) {
  std::vector<TextTable::Column> columns;
  for (pqxx::row_size_type i = 0; i < rows.columns(); ++i) {
    columns.push_back({rows.column_name(i), static_cast<std::uint32_t>(rows.column_type(i))});
  }
  TextTable table(std::move(columns));
  for (const pqxx::row& row : rows) {
    for (const pqxx::field& cell : row) {
      if (cell.is_null()) {
        table.add(std::nullopt);
      } else {
        table.add(std::string_view(cell.c_str(), cell.size()));
      }
    }
  }
  return table;
}

}  // namespace

ServerMessage parse_server_message(std::string_view message) {
  ServerMessage parsed;
  bool wanted = true;
  while (!message.empty()) {
    const std::size_t end = message.find('\n');
    std::string_view line = message.substr(0, end);
    message = end == std::string_view::npos ? std::string_view() : message.substr(end + 1);
    if (line.starts_with("ERROR:  ") || line.starts_with("FATAL:  ")) line.remove_prefix(8);
    if (line.starts_with("LINE ") || line.starts_with("QUERY:") || line.starts_with("CONTEXT:"))
      wanted = false;
    if (line.starts_with("HINT:  ")) {
      parsed.hint = line.substr(7);
      continue;
    }
    if (line.starts_with("DETAIL:  ")) {
      wanted = true;
      line.remove_prefix(9);
    }
    if (!wanted || line.empty()) continue;
    if (!parsed.text.empty()) parsed.text += "; ";
    parsed.text += line;
  }
  return parsed;
}

namespace {

/// With bounds to every wait for a host that has gone without a word, where the string sets none:
/// half a minute, and not the quarter of an hour that the kernel would try.
std::string bounded(std::string conninfo, const PQconninfoOption& first) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> bounds{
      {{"connect_timeout", "10"},
       {"keepalives_idle", "10"},
       {"keepalives_interval", "5"},
       {"keepalives_count", "3"},
       {"tcp_user_timeout", "30000"}}};
  const bool uri = conninfo.find("://") != std::string::npos;
  bool asks = conninfo.find('?') != std::string::npos;
  for (const auto& [name, value] : bounds) {
    const PQconninfoOption* option = &first;
    while (option->keyword != nullptr && option->keyword != name) ++option;
    if (option->keyword != nullptr && option->val != nullptr) continue;
    conninfo += !uri ? " " : std::exchange(asks, true) ? "&" : "?";
    conninfo += fmt::format("{}={}", name, value);
  }
  return conninfo;
}

}  // namespace

Session::Session(std::unique_ptr<pqxx::connection> connection, std::string address)
    : connection_(std::move(connection)),
      work_(std::make_unique<pqxx::nontransaction>(*connection_)),
      address_(std::move(address)) {}

Result<std::unique_ptr<Session>> Session::connect(const std::string& conninfo) {
  char* problem = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> parsed(
      PQconninfoParse(conninfo.c_str(), &problem));
  const std::unique_ptr<char, decltype(&PQfreemem)> problem_text(problem, &PQfreemem);
  if (!parsed) {
    // libpq's text may quote the string, password and all, so it is not passed on.
    return Error{.kind = ErrorKind::Usage,
                 .where = "--database",
                 .what = "this is not a connection string",
                 .why = "",
                 .next = "write postgresql://user@host/database or host=… dbname=… user=…"};
  }
  const std::string address = address_of(conninfo);
  try {
    auto connection = std::make_unique<pqxx::connection>(bounded(conninfo, *parsed));
    forbid_reconnecting(*connection);
    std::unique_ptr<Session> session(new Session(std::move(connection), address));
    session->errors_ = std::make_unique<pqxx::quiet_errorhandler>(*session->connection_);
    if (session->major_version() >= 14) session->put_off(end_with_the_client);
    auto prepared = session->query(fmt::format("{}; select pg_catalog.pg_backend_pid()", settings));
    if (!prepared) return prepared.error();
    session->backend_ = static_cast<int>(prepared->number(0, 0));
    return session;
  } catch (const std::exception& failure) {
    return connection_error(address, failure.what());
  }
}

namespace {

std::string way_out(const ServerMessage& message, std::string_view sqlstate, ErrorKind kind) {
  if (!message.hint.empty()) return "PostgreSQL's hint: " + message.hint;
  if (kind == ErrorKind::Conflict)
    return "somebody else holds a lock on it: see pg_stat_activity, or try again";
  if (kind == ErrorKind::Transient) return "the next pass begins anew";
  if (sqlstate == "42501") return "grant the role what it lacks, or run as the database's owner";
  return "";
}

template <class Known>
bool is(const pqxx::sql_error& failure) {
  return dynamic_cast<const Known*>(&failure) != nullptr;
}

/// libpqxx 6 leaves out the code of some errors that it has a class for.
std::string sqlstate_of(const pqxx::sql_error& failure) {
  if (!failure.sqlstate().empty()) return failure.sqlstate();
  if (is<pqxx::insufficient_privilege>(failure)) return "42501";
  if (is<pqxx::undefined_table>(failure)) return "42P01";
  if (is<pqxx::undefined_column>(failure)) return "42703";
  if (is<pqxx::undefined_function>(failure)) return "42883";
  if (is<pqxx::syntax_error>(failure)) return "42601";
  return "";
}

/// 0 where the server named none.
int position_of(const pqxx::sql_error& failure) {
  const auto* syntax = dynamic_cast<const pqxx::syntax_error*>(&failure);
  return syntax == nullptr ? 0 : std::max(syntax->error_position, 0);
}

}  // namespace

pqxx::nontransaction& Session::work() {
  if (!work_) throw pqxx::broken_connection("it was lost before");
  return *work_;
}

template <class Call>
Result<TextTable> Session::guarded(Call call) {
  try {
    return to_table(call());
  } catch (const pqxx::sql_error& failure) {
    ServerMessage message = parse_server_message(failure.what());
    std::string sqlstate = sqlstate_of(failure);
    const ErrorKind kind = kind_of_sqlstate(sqlstate);
    return Error{.kind = kind,
                 .where = address_,
                 .what = "the server refused a statement of ours",
                 .why = std::move(message.text),
                 .next = way_out(message, sqlstate, kind),
                 .sqlstate = std::move(sqlstate),
                 .position = position_of(failure)};
  } catch (const pqxx::broken_connection& failure) {
    return Error{.kind = ErrorKind::Transient,
                 .where = address_,
                 .what = "the connection was lost",
                 .why = connection_problem(failure.what()),
                 .next = "the next pass begins anew",
                 .sqlstate = "08006"};
  } catch (const std::exception& failure) {
    return Error{.kind = ErrorKind::Transient,
                 .where = address_,
                 .what = "the server could not be asked",
                 .why = connection_problem(failure.what()),
                 .next = "the next pass begins anew"};
  }
}

Result<TextTable> Session::query(std::string_view sql) {
  const std::string message = std::exchange(put_off_, {}).append(sql);
  return guarded([&] { return work().exec(message); });
}

Result<void> Session::execute(std::string_view sql) {
  if (auto done = query(sql); !done) return done.error();
  return {};
}

void Session::put_off(std::string_view sql) { put_off_.append(sql).append("; "); }

Result<TextTable> Session::query(std::string_view sql, const std::vector<std::string>& parameters) {
  if (!put_off_.empty()) {
    if (auto sent = execute(""); !sent) return sent.error();
  }
  return guarded([&] {
    return work().exec_params(std::string(sql), pqxx::prepare::make_dynamic_params(parameters));
  });
}

namespace {

class Listener : public pqxx::notification_receiver {
 public:
  Listener(pqxx::connection& connection, const std::string& channel, std::vector<Notice>& arrived)
      : notification_receiver(connection, channel), arrived_(arrived) {}
  void operator()(const std::string& text, int) override { arrived_.push_back({channel(), text}); }

 private:
  std::vector<Notice>& arrived_;
};

}  // namespace

// libpqxx 6 neither begins to listen nor hands anything over while one of its transactions is
// there, and to it the object that sends single statements is one. Where the connection is lost
// by then, no other one can be made.
template <class Call>
Result<TextTable> Session::without_work(Call call) {
  work_.reset();
  auto done = guarded(std::move(call));
  auto back = guarded([&] {
    work_ = std::make_unique<pqxx::nontransaction>(*connection_);
    return pqxx::result();
  });
  return done ? back : done;
}

Result<void> Session::listen(const std::string& channel) {
  auto done = without_work([&] {
    listeners_.push_back(std::make_unique<Listener>(*connection_, channel, arrived_));
    return pqxx::result();
  });
  if (!done) return done.error();
  return {};
}

Result<std::vector<Notice>> Session::notices() {
  auto done = without_work([&] {
    if (!connection_->is_open()) throw pqxx::broken_connection("it was lost before");
    connection_->get_notifs();
    return pqxx::result();
  });
  if (!done) return done.error();
  return std::exchange(arrived_, {});
}

}  // namespace reconcile::postgres
