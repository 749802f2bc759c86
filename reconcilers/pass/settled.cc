#include "reconcilers/pass/settled.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "reconcilers/core/digest.h"

namespace reconcile {

std::string settled(const PassOptions& options, std::span<const RecordedMigration> recorded,
                    std::span<const RecordedMigration> added) {
  // A file is known by its phase and base name, whatever folder it is in.
  std::map<std::pair<Stage, std::string>, std::string> hashes;
  for (const auto& records : {recorded, added}) {
    for (const RecordedMigration& record : records)
      hashes[{record.phase, record.file.substr(record.file.rfind('/') + 1)}] = record.raw_hash;
  }
  // Each part with its length, so that no text can pass for two others.
  std::string text;
  const auto add = [&](std::string_view part) { text += fmt::format("{}:{}", part.size(), part); };
  add(RECONCILE_VERSION);
  add(options.target);
  add(options.environment);
  for (const auto& [name, hash] : hashes) {
    add(name_of(name.first));
    add(name.second);
    add(hash);
  }
  return sha256(text);
}

}  // namespace reconcile
