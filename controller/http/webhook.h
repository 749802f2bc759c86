#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "controller/http/router.h"
#include "reconcilers/core/result.h"

namespace reconcile::http {

enum class HookKind { Gitea, GitHub, Generic };
std::string_view name_of(HookKind kind);  ///< "gitea": the last part of its path, and its label

/// Shared with who sends; where one is empty, that receiver is off.
struct HookSecrets {
  std::string gitea;
  std::string github;
  std::string generic;
};

/// What a push says. None of it is trusted: it is a reason to look at git, and nothing more.
struct Push {
  std::vector<std::string> repositories;  ///< addresses of the same one
  std::string ref;                        ///< "refs/heads/main"
  std::string commit;                     ///< may be empty
};

/// A generic signature counts for so long before and after its time.
inline constexpr std::chrono::seconds signature_life{300};

/// Whether the request carries the signature that this secret makes of its body.
bool is_signed(HookKind kind, const Request& request, const std::string& secret,
               std::chrono::system_clock::time_point now);

/// The push in a body; nothing of it where it is about no ref. Errors are of kind Usage.
Result<Push> parse_push(HookKind kind, std::string_view body);

/// Deliveries that were heard already, the last thousand of them. Safe from any thread.
class Deliveries {
 public:
  /// False where one of these is known already; otherwise all of them are from now on.
  bool remember(const std::vector<std::string>& marks);
  /// They may come again: nothing has come of them.
  void forget(const std::vector<std::string>& marks);

 private:
  static constexpr std::size_t most = 2048;
  std::mutex mutex_;
  std::set<std::string, std::less<>> known_;
  std::deque<std::string> order_;
};

struct Hooks {
  std::function<HookSecrets()> secrets;  ///< asked at each delivery, so that a reload counts
  /// Looks at git again where a target follows that ref of that repository, and says whether one
  /// does. Does not block.
  std::function<bool(const Push&)> pushed;
  /// `kind`, and accepted, refused or ignored.
  std::function<void(std::string_view kind, std::string_view result)> count;
  std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
};

/// POST /hooks/gitea, /hooks/github and /hooks/generic. 202 where git is looked at, 200 where there
/// is nothing to do, 403 where the signature is not right, 404 where it is off.
std::vector<Route> hook_routes(Hooks hooks);

}  // namespace reconcile::http
