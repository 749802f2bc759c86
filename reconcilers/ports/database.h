#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reconcilers/core/approval.h"
#include "reconcilers/core/catalog_facts.h"
#include "reconcilers/core/inventory.h"
#include "reconcilers/core/ledger_state.h"
#include "reconcilers/core/live_state.h"
#include "reconcilers/core/outcome.h"
#include "reconcilers/core/result.h"
#include "reconcilers/ports/journal.h"
#include "reconcilers/ports/quarantine.h"
#include "reconcilers/ports/watch.h"

namespace reconcile {

/// The ports of one target database. One connection serves them all, so none is thread-safe: the
/// calls of a pass come one after the other. Every error carries the SQLSTATE where the server gave
/// one.

/// By what a database can tell that a replica leads a target: the session that holds its lease.
struct Fence {
  int backend = 0;  ///< the server's process id of that session
  std::int64_t key = 0;
};

/// At most one controller works on a database. The lease belongs to the connection and ends with
/// it.
class Lease {
 public:
  virtual ~Lease() = default;
  /// Tries once. Returns who holds it ("pid 4121, reconcile on host x, since …") or nothing when it
  /// is ours now.
  virtual Result<std::optional<std::string>> try_acquire() = 0;
  /// Whether the session that works on this target for its replica still does, see Fence.
  virtual Result<bool> still_leads(const Fence& fence) = 0;
};

/// Reads; writes nothing, needs no rights beyond reading the catalog and the Directus tables.
class StateReader {
 public:
  virtual ~StateReader() = default;
  /// What is `known` is not read again where the pulse is still the same.
  virtual Result<LiveState> read(const Seen& known) = 0;
  /// Begins to read, and comes back at once. The next call on this connection has to be read(),
  /// which then has less to wait for.
  virtual void read_ahead(const Seen& known) = 0;
  /// The same without the fingerprint.
  virtual Result<LiveState> read_again() = 0;
  /// The same for an export: without the fingerprint, with the migrations that Directus has run.
  virtual Result<LiveState> read_schema() = 0;
  /// The state the schema is in.
  virtual Result<Seen> look(const Seen& known) = 0;
  /// Which transactions the database has seen, as text. Equal texts prove that nothing was written
  /// in between, anywhere on the server; different ones prove nothing.
  virtual Result<std::string> moment() = 0;
  /// What the database has under these names; one round trip.
  virtual Result<CatalogFacts> facts(const MentionedNames& mentioned) = 0;
  /// Runs each of these counting queries, in order, in one round trip.
  virtual Result<std::vector<std::int64_t>> count(std::span<const std::string> queries) = 0;
};

/// Runs what a plan says, inside one transaction.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual Result<void> begin(std::chrono::milliseconds lock_timeout) = 0;
  /// Locks these tables (as SQL) against everybody else until the transaction ends, at once.
  virtual Result<void> lock(std::span<const std::string> tables) = 0;
  /// Lets the server's own parser read a statement of `step` that the built-in one cannot, and runs
  /// nothing. The error names its place in the owner file. Outside of the transaction.
  virtual Result<void> check_syntax(const Step& step, const Statement& statement) = 0;
  /// Runs the step's statements in order. The error names the statement and its place in the owner
  /// file.
  virtual Result<void> run(std::span<const Step> steps) = 0;
  virtual Result<void> commit() = 0;
  virtual void rollback() noexcept = 0;
};

/// What an applied revision, or a part of one, leaves in the ledger besides its report.
struct AppliedRecord {
  /// applied, in-sync where only the ledger moves on, rolled-back; begun for a part
  std::string_view outcome;
  bool whole = true;                  ///< the database is at the revision with it
  std::string progress = {};          ///< of a part: what is live, for people
  std::string snapshot_of = {};       ///< of a part: see LedgerState
  std::string rolled_back_from = {};  ///< see LedgerState
  std::span<const RecordedMigration> migrations;
  std::span<const std::string> roots;
  std::string settled;
  Seen seen;
  /// The Directus servers that have to be told. They are written down before they are, so that a
  /// pass that is killed in between leaves the task to the next one.
  std::vector<std::string> instances;
  /// How long what this revision removes stays in quarantine at least; empty: until it is purged.
  std::optional<std::chrono::seconds> retention = {};
};

/// The schema `reconcile`.
class Ledger {
 public:
  virtual ~Ledger() = default;
  virtual Result<LedgerState> read() = 0;
  /// Inside the executor's transaction: makes the schema where it is missing, takes the ledger's
  /// lock, and returns the row of the newest applied revision (0: none), so that a plan made before
  /// can be refused.
  virtual Result<std::int64_t> lock() = 0;
  /// Inside the transaction: what it records is live with it, or not at all.
  virtual Result<void> record_applied(const PassReport& report, const AppliedRecord& record) = 0;
  /// On its own: an attempt that changed nothing. Where the schema is missing or may not be written
  /// it does nothing.
  virtual void record_attempt(const PassReport& report, std::string_view outcome,
                              std::string_view reason, std::string_view error) noexcept = 0;
  /// On its own: the instance has been told, or why it could not be. Without an effect where it is
  /// not written down.
  virtual void record_told(const std::string& instance) noexcept = 0;
  virtual void record_not_told(const std::string& instance, std::string_view error) noexcept = 0;
  virtual Result<std::vector<Attempt>> history(std::size_t limit) = 0;
  /// The commits that this database came to, newest first; at most some hundreds.
  virtual Result<std::vector<Stay>> stays() = 0;
  /// Given since the newest revision was applied, newest first. Also inside the transaction.
  virtual Result<std::vector<Approval>> approvals() = 0;
  /// On its own: writes it down, with who we are and what the time is.
  virtual Result<void> approve(const Approval& approval) = 0;
  /// On its own: nothing is applied from now on, for `length` or until resume(). A pass that is
  /// under way ends first. The second of these is an error of kind Terminal where nothing is
  /// suspended.
  virtual Result<Suspension> suspend(std::string_view reason,
                                     std::optional<std::chrono::seconds> length) = 0;
  virtual Result<void> resume() = 0;
};

/// What git owns of the database, object by object, and what has become of it since.
class Inventory {
 public:
  virtual ~Inventory() = default;
  /// What is not as git made it, and what git did not make; in one round trip, nothing is written.
  /// Empty where nothing was ever written down.
  virtual Result<std::vector<Difference>> differences() = 0;
  /// The objects of that name, or of a name that ends in ".NAME".
  virtual Result<std::vector<ObjectRecord>> find(std::string_view name) = 0;
  /// What git made and the database has of these, named as ObjectIdentity::text() does, equal or
  /// not. What neither has is left out.
  virtual Result<std::vector<Difference>> states(std::span<const std::string> objects) = 0;
  /// The rest inside the executor's transaction; each returns the state the schema is in.
  ///
  /// Notes what has changed without git; what is about one of `doubted` is never trusted.
  virtual Result<Seen> note(Trust trust, std::span<const std::string> doubted) = 0;
  /// Of these objects alone, `origin` made what the database has: what is gone, it removed.
  virtual Result<Seen> adopt(const Origin& origin, std::span<const ObjectIdentity> objects) = 0;
  /// Whatever has changed since the last look, `origin` made so. What is there already and is about
  /// one of `claimed` is git's from now on as well. Comes back at once; the next call on this
  /// connection has to be attributed(), which returns what came of it.
  virtual void attribute_ahead(const Origin& origin, std::span<const std::string> claimed) = 0;
  virtual Result<Seen> attributed() = 0;
  /// Only `objects`, and what belongs to the table `about`, are the work of `origin`, new or there
  /// already. What else has changed since the last look stays for note().
  virtual Result<Seen> attribute_these(const Origin& origin,
                                       std::span<const ObjectIdentity> objects,
                                       const std::string& about) = 0;
};

/// One connection to one target, and the ports it serves.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Lease& lease() = 0;
  virtual StateReader& reader() = 0;
  virtual Executor& executor() = 0;
  virtual Ledger& ledger() = 0;
  virtual Inventory& inventory() = 0;
  virtual Quarantine& quarantine() = 0;
  virtual Journal& journal() = 0;
  virtual Watch& watch() = 0;
};

/// Connects anew at each call.
class Connector {
 public:
  virtual ~Connector() = default;
  virtual Result<std::unique_ptr<Connection>> connect() = 0;
};

}  // namespace reconcile
