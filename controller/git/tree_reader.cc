#include "controller/git/tree_reader.h"

#include <fmt/format.h>
#include <git2.h>

#include <algorithm>
#include <map>
#include <utility>

#include "controller/git/failure.h"
#include "controller/git/tree_path.h"

namespace reconcile::git {
namespace {

class TreeReader {
 public:
  TreeReader(const Objects& objects, const git_oid& root, std::string shown, const Limits& limits,
             bool with_text)
      : objects_(objects),
        paths_(objects, root, std::move(shown)),
        limits_(limits),
        with_text_(with_text) {}

  void take_folder_named(const std::string& folder) {
    const auto place = paths_.find(folder);
    if (!place) return;  // a repository without seed files has no folder for them
    take(cleaned(folder), *place);
  }

  FileTree tree() && {
    FileTree tree;
    for (auto& [path, file] : files_) tree.files.push_back(std::move(file));
    return tree;
  }

 private:
  // "./migrations/" means the same as "migrations": git's paths have neither.
  static std::string cleaned(std::string_view path) {
    while (path.starts_with("./")) path.remove_prefix(2);
    while (path.ends_with('/')) path.remove_suffix(1);
    return std::string(path == "." ? std::string_view{} : path);
  }

  // `path` is what the file is called, `place` where it is: they differ behind a link.
  void take(const std::string& path, const Place& place) {
    count(path);
    switch (place.mode) {
      case GIT_FILEMODE_TREE:
        return take_folder(path, place);
      case GIT_FILEMODE_LINK:
        return take(path, paths_.follow(place));
      case GIT_FILEMODE_COMMIT:
        throw refused(path, "is a submodule",
                      "its files are in another repository, which this commit does not hold",
                      "commit the files themselves");
      default:
        return take_file(path, place);
    }
  }

  void take_folder(const std::string& path, const Place& place) {
    // A tree never contains itself, unless a link leads back up.
    if (std::any_of(above_.begin(), above_.end(),
                    [&](const git_oid& id) { return SameId{}(id, place.id); })) {
      throw refused(path, "is a symbolic link to a folder above it", "it has no end",
                    "remove the link");
    }
    above_.push_back(place.id);
    const TreeHandle tree = objects_.tree(place.id);
    for (std::size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
      const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
      const std::string name = git_tree_entry_name(entry);
      take(joined(path, name), Place{.path = joined(place.path, name),
                                     .id = *git_tree_entry_id(entry),
                                     .mode = git_tree_entry_filemode(entry)});
    }
    above_.pop_back();
  }

  void take_file(const std::string& path, const Place& place) {
    if (files_.contains(path)) return;                        // folders that overlap
    const std::size_t size = objects_.header(place.id).size;  // before it is in memory
    if (size > limits_.max_file_bytes) {
      throw refused(path, fmt::format("has {} bytes", size),
                    fmt::format("the limit for one file is {}", limits_.max_file_bytes),
                    "split the file, or keep bulk data outside the repository");
    }
    total_ += size;
    if (total_ > limits_.max_total_bytes) {
      throw refused(path, fmt::format("brings the files to {} bytes", total_),
                    fmt::format("the limit for all of them is {}", limits_.max_total_bytes),
                    "keep bulk data outside the folders that are read");
    }
    if (!with_text_) {
      files_.emplace(path, File{path, text_of(place.id), {}});
      return;
    }
    const OdbObjectHandle bytes = objects_.bytes(place.id);
    const auto* text = static_cast<const char*>(git_odb_object_data(bytes.get()));
    files_.emplace(path, File{path, text_of(place.id), {text, git_odb_object_size(bytes.get())}});
  }

  // Folders and links count as well: links to links to folders multiply without any file.
  void count(const std::string& path) {
    if (++entries_ <= limits_.max_files) return;
    throw refused(path, fmt::format("is one entry more than the limit of {}", limits_.max_files),
                  "", "keep other files outside the folders that are read");
  }

  Failure refused(const std::string& path, std::string what, std::string why,
                  std::string next) const {
    return Failure(Blame::Input, Error{.kind = ErrorKind::Terminal,
                                       .where = paths_.where(path),
                                       .what = std::move(what),
                                       .why = std::move(why),
                                       .next = std::move(next)});
  }

  const Objects& objects_;
  TreePaths paths_;
  const Limits& limits_;
  const bool with_text_;
  std::map<std::string, File> files_;
  std::vector<git_oid> above_;
  std::size_t total_ = 0;
  std::size_t entries_ = 0;
};

FileTree walk(const Objects& objects, const git_oid& commit,
              const std::vector<std::string>& folders, const Limits& limits, bool with_text) {
  const CommitHandle opened = objects.commit(commit);
  TreeReader reader(objects, *git_commit_tree_id(opened.get()), text_of(commit).substr(0, 10),
                    limits, with_text);
  for (const std::string& folder : folders) reader.take_folder_named(folder);
  return std::move(reader).tree();
}

}  // namespace

FileTree read_tree(const Objects& objects, const git_oid& commit,
                   const std::vector<std::string>& folders, const Limits& limits) {
  return walk(objects, commit, folders, limits, true);
}

FileTree list_tree(const Objects& objects, const git_oid& commit,
                   const std::vector<std::string>& folders, const Limits& limits) {
  return walk(objects, commit, folders, limits, false);
}

}  // namespace reconcile::git
