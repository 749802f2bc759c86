#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "controller/postgres/embedded_server.h"

namespace reconcile::test {

/// The rows of a query as text; NULL is empty.
using Rows = std::vector<std::vector<std::string>>;

/// One connection of the test's own, beside the program's. What fails is an exception.
class Connection {
 public:
  explicit Connection(const std::string& conninfo);

  Rows query(const std::string& sql);
  void execute(const std::string& sql) { query(sql); }
  /// The first cell of the first row.
  std::string value(const std::string& sql);

 private:
  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

/// A real server in a folder of its own, with a template that holds the Directus system tables.
class TestServer {
 public:
  explicit TestServer(postgres::EmbeddedServer::Options options = {.throwaway = true});

  /// The server of this test process, started by the first test that needs one.
  static TestServer& shared();

  postgres::EmbeddedServer& server() { return server_; }
  std::string conninfo(std::string_view database = "postgres") const;

 private:
  postgres::EmbeddedServer server_;
};

/// A database of its own, dropped at the end.
class TestDatabase {
 public:
  enum class Contents { Directus, Nothing };

  explicit TestDatabase(TestServer& server = TestServer::shared(),
                        Contents contents = Contents::Directus);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const std::string& name() const { return name_; }
  std::string conninfo() const { return server_.conninfo(name_); }
  Connection connect() const { return Connection(conninfo()); }

  Rows query(const std::string& sql) const { return connect().query(sql); }
  std::string value(const std::string& sql) const { return connect().value(sql); }
  void execute(const std::string& sql) const { connect().execute(sql); }

  /// `pg_dump --schema-only`, or the same facts in lines of our own where the server has no
  /// pg_dump.
  std::string schema() const;
  /// The schema with the rows of every table, without the counters of sequences, which no rollback
  /// sets back, and without the rows of reconcile.revision, where attempts are written down.
  std::string dump() const;
  /// What a revision makes, in words that do not depend on how often it was tried: the schema, the
  /// metadata rows in their order without their ids, and the recorded migrations.
  std::string result() const;

 private:
  /// Empty where the server was installed without it.
  std::string pg_dump_program() const;
  std::string pg_dump(const std::string& program, std::vector<std::string> options) const;
  std::string rows_of_tables() const;

  TestServer& server_;
  std::string name_;
};

}  // namespace reconcile::test
