#include "reconcilers/migrations/adoption.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reconcilers/core/digest.h"

namespace reconcile::migrations {
namespace {

enum class Found {
  AsAdopted,
  Waiting,  ///< for the file to be run
  Either,   ///< what was lost there was never here
  Otherwise,
};

Found look_at(const AdoptedObject& adopted, const Difference* known, bool comparable) {
  const bool gone = adopted.digest == "gone";
  if (known == nullptr || (!known->live && !known->owned))
    return gone ? Found::Either : Found::Waiting;
  if (!known->live) return gone ? Found::AsAdopted : Found::Otherwise;
  if (!gone && sha256(*known->live).starts_with(adopted.digest)) return Found::AsAdopted;
  if (!known->owned) return Found::Otherwise;
  return !comparable || *known->live == *known->owned ? Found::Waiting : Found::Otherwise;
}

std::string names(const std::vector<std::string>& objects) {
  constexpr std::size_t most = 3;
  if (objects.size() <= most) return fmt::format("{}", fmt::join(objects, ", "));
  return fmt::format("{} and {} more", fmt::join(objects.begin(), objects.begin() + most, ", "),
                     objects.size() - most);
}

std::string_view are(const std::vector<std::string>& objects) {
  return objects.size() == 1 ? "is" : "are";
}

}  // namespace

Judgement judge(const Migration& migration, const KnownObjects& known) {
  Judgement result;
  std::vector<std::string> there;
  std::vector<std::string> waiting;
  std::vector<std::string> otherwise;
  for (const AdoptedObject& adopted : migration.adopts) {
    const auto found = std::ranges::find(
        known.objects, adopted.object, [](const Difference& entry) { return entry.object.text(); });
    const Difference* entry = found == known.objects.end() ? nullptr : &*found;
    const Found state = look_at(adopted, entry, known.comparable);
    if (state == Found::AsAdopted) {
      there.push_back(adopted.object);
      result.objects.push_back(entry->object);
    } else if (state == Found::Waiting) {
      waiting.push_back(adopted.object);
    } else if (state == Found::Otherwise) {
      otherwise.push_back(adopted.object);
    }
  }
  constexpr std::string_view both_ways =
      "by hand, either make what the file names as it says, or bring back what git made and drop "
      "the rest; `reconcile drift` shows what differs";
  if (!otherwise.empty()) {
    result.conflict = fmt::format("{} {} here neither as it says nor as git made it",
                                  names(otherwise), are(otherwise));
    result.next = both_ways;
  } else if (!there.empty() && !waiting.empty()) {
    result.conflict = fmt::format("only some of it is here as it says: {} {}, {} {} not",
                                  names(there), are(there), names(waiting), are(waiting));
    result.next = both_ways;
  } else {
    result.in_place = !there.empty();
  }
  return result;
}

}  // namespace reconcile::migrations
