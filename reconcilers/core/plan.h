#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "reconcilers/core/alone.h"
#include "reconcilers/core/error.h"
#include "reconcilers/core/hazard.h"
#include "reconcilers/core/witness.h"

namespace reconcile {

/// Why a revision waits for a person. The names are part of the command-line contract.
enum class ReasonCode {
  StaleRevision,
  DivergedRevision,
  UnprovenRevision,
  BadSignature,
  DestructiveChange,
  Conflict,
  DriftDetected,
  MigrationEdited,
  MigrationOutOfOrder,
  WaitingForDirectus,
  DeletionBudgetExceeded,
  OutsideWindow,
  Suspended,
  LeaseHeld,
  UnsupportedSnapshot,
  HazardousChange,
  WaitingForTarget,
};

std::string_view name_of(ReasonCode code);

/// What a thing is and what it is called, in the words of plans and commit messages: "field
/// entries.notes".
struct ObjectIdentity {
  std::string kind;  ///< collection, field, relation, migration, …
  std::string name;

  std::string text() const { return kind + " " + name; }
  auto operator<=>(const ObjectIdentity&) const = default;
};

/// Who asked for an object: a file, and the line where it is known (0 otherwise).
struct Owner {
  std::string file;
  int line = 0;

  std::string text() const { return line > 0 ? file + ":" + std::to_string(line) : file; }
};

struct Gentle;

/// SQL for one server call. Consecutive statements with the same `insert_head` are row tuples that
/// the executor joins into one INSERT, which is what makes ten thousand metadata rows cheap.
struct Statement {
  std::string text;
  int line = 0;  ///< in the owner file; 0 for generated SQL
  std::shared_ptr<const std::string> insert_head = nullptr;
  int rank = 0;  ///< order within the stage: lower first, equal ones as planned
  /// Why the built-in grammar cannot read it; null where it can. The server's own parser decides
  /// then.
  std::shared_ptr<const Error> unread = nullptr;
  /// What it does where it may run alone; null where it cannot, or need not.
  std::shared_ptr<const Alone> alone = nullptr;
  /// The same for a table that is in use; null where nobody has to wait for it in any case.
  std::shared_ptr<const Gentle> gentle = nullptr;
};

/// A change that has to look at every row of a table, done so that its users go on meanwhile.
struct Gentle {
  std::string inside;            ///< what of it the transaction does, at once; may be empty
  std::vector<Statement> after;  ///< run alone, one after the other, once that is live
  std::string detail;            ///< "index events_slug_index", for a plan
};

enum class Action { Create, Change, Remove, Run, Adopt };

/// One thing the pass will do. Immutable once planned.
struct Step {
  Stage stage = Stage::Snapshot;
  Action action = Action::Create;
  ObjectIdentity object;
  std::string group;   ///< heading in a plan: the collection, or the phase
  std::string detail;  ///< "text, not null", "note: null → Clubs"
  std::string reason;  ///< why git asks for it
  Owner owner;
  std::vector<Statement> statements;
  bool destructive =
      false;  ///< loses data or metadata: a person has to allow it by the object's name
  /// What the object was called before the renames of the same plan; empty where there are none.
  std::string former_name = {};
  /// What a removed object is probably called now; empty where nothing new looks like it.
  std::string likely_rename = {};
  std::string table = {};      ///< that loses rows, as SQL, by the name it has before this plan
  std::string count_sql = {};  ///< counts the rows at stake; empty where none can be
  std::optional<std::int64_t> rows_at_stake = {};
  std::vector<Hazard> hazards = {};               ///< of its statements, in their order
  std::vector<std::string> allowed_hazards = {};  ///< codes that its file says are meant
  std::vector<ObjectIdentity> adopts = {};  ///< that are there already, and are git's from now on
  bool alone = false;                       ///< outside of any transaction, statement by statement
  bool gentle = false;  ///< the later part of what the snapshot asks, see Gentle
  int stretch = 0;      ///< of the pass: even ones are a transaction each, odd ones a step alone
};

/// Something a person has to decide before the revision can go live.
struct Hold {
  ReasonCode code;
  ObjectIdentity object;
  std::string message;  ///< what was seen, with the commit and the rows concerned
  std::string next;     ///< the way out, a command or a line for the commit message
};

/// A difference between git and the database that git did not ask to change: reported, never
/// touched by an apply.
struct Drift {
  enum class Kind { Missing, Altered, Unmanaged };
  Kind kind = Kind::Altered;
  ObjectIdentity object;
  std::string detail;  ///< what git says, what the database says
  std::string count_sql = {};
  std::optional<std::int64_t> rows = {};
  /// The SQL that makes it what git says, where that loses nothing; and what git would need to say
  /// what it is. Empty where there is none.
  std::vector<std::string> heal = {};
  std::vector<std::string> adopt = {};
  std::optional<Witness> by = {};  ///< who probably made it so
};

std::string_view name_of(Drift::Kind kind);
std::string_view name_of(Action action);
std::string rows_in_words(std::int64_t count);  ///< "1 row", "2 rows"

/// Ordered steps from one database state to one revision, and everything a person should know about
/// them.
struct Plan {
  std::vector<Step> steps;
  std::vector<Hold> holds;
  std::vector<Drift> drift;
  std::vector<std::string> notes;
  std::string fingerprint;  ///< of the catalog it was made from
  std::string digest;       ///< of the steps, set by seal()

  bool empty() const { return steps.empty(); }
};

/// Computes `digest` from what the plan would execute.
void seal(Plan& plan);

}  // namespace reconcile
