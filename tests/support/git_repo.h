#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace reconcile::test {

/// A folder of its own below the system's temporary one, removed with everything in it.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A repository made by the real git. Commits have a fixed author and dates that advance by a
/// minute for each commit, so that the same steps give the same ids. A failing git is an exception.
class GitRepo {
 public:
  /// `git init` on branch main, in a new temporary folder.
  GitRepo();
  /// The same at `path`, whose parent exists and outlives this.
  explicit GitRepo(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }

  /// Runs git in the working tree and returns what it prints, without the final newline.
  std::string run(const std::vector<std::string>& args) const;

  /// The methods below return *this where there is nothing to return, so that they can be chained.
  GitRepo& write(const std::string& file, std::string_view text);
  GitRepo& link(const std::string& file, const std::string& target);
  GitRepo& remove(const std::string& file);

  /// Commits everything in the working tree, empty commits too; returns the id.
  std::string commit(const std::string& message);
  /// write() and commit() in one.
  std::string commit(const std::string& file, std::string_view text, const std::string& message);

  GitRepo& branch(const std::string& name);     ///< makes it here and switches to it
  GitRepo& checkout(const std::string& name);   ///< an existing branch, or a commit (detached)
  GitRepo& reset(const std::string& revision);  ///< --hard
  std::string id_of(const std::string& revision) const;

 private:
  TempFolder folder_;
  std::filesystem::path path_;
  long commits_ = 0;
};

/// Runs git in `folder` with nothing of the user's configuration; GitRepo::run for any folder.
std::string run_git(const std::filesystem::path& folder, const std::vector<std::string>& args,
                    const std::vector<std::string>& environment = {});

}  // namespace reconcile::test
