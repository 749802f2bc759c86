// Writes the dashboard's pages, with made-up values, for tests/browser/server.mjs to serve.
//
//   usage: dashboard_pages FOLDER
//
// Makes a folder for each scenario with its pages, and a file `paths` in it: address, a tab, file.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "controller/dashboard/approve.h"
#include "controller/dashboard/assets.h"
#include "controller/dashboard/diagram.h"
#include "controller/dashboard/drift.h"
#include "controller/dashboard/fleet.h"
#include "controller/dashboard/front.h"
#include "controller/dashboard/history.h"
#include "controller/dashboard/parts.h"
#include "controller/dashboard/plan.h"
#include "tests/browser/fixtures.h"

namespace reconcile::test {
namespace {

using namespace dashboard;

class Site {
 public:
  explicit Site(const std::filesystem::path& folder) : folder_(folder) {
    std::filesystem::create_directories(folder);
    paths_.open(folder / "paths");
  }
  void add(const std::string& address, std::string_view body) {
    const std::string file = std::to_string(++count_) + (address.ends_with(".css")   ? ".css"
                                                         : address.ends_with(".js")  ? ".js"
                                                         : address.ends_with(".svg") ? ".svg"
                                                                                     : ".html");
    std::ofstream(folder_ / file, std::ios::binary) << body;
    paths_ << address << '\t' << file << '\n';
  }

 private:
  std::filesystem::path folder_;
  std::ofstream paths_;
  int count_ = 0;
};

void add_assets(Site& site, const std::filesystem::path& sources) {
  for (const auto& entry : std::filesystem::directory_iterator(sources)) {
    const std::string url = asset_url(entry.path().filename().string());
    if (const auto found = asset(url)) site.add(url, found->body);
  }
}

/// What the tabs show that the status does not have.
struct Matter {
  std::vector<Revision> commits;
  std::vector<Attempt> attempts;
  std::string object;
  std::vector<ObjectRecord> records;
  std::vector<QuarantineEntry> entries;
  Schema schema;
};

void add_target(Site& site, const TargetStatus& status, const Matter& matter,
                const Viewer& viewer) {
  const TargetView view{status, matter.commits, ""};
  const auto path = [&](std::string_view rest) { return target_path(status.target, rest); };
  site.add(path(""), plan_page({view, status.report.get()}, viewer));
  site.add(path("/diagram"), diagram_page({view, status.report.get(), matter.schema}, viewer));
  site.add(path("/drift"), drift_page({view, status.report.get()}, viewer));
  site.add(path("/history"), history_page(view, matter.attempts, viewer));
  site.add(path("/blame"), blame_page({view, matter.object, matter.records}, viewer));
  site.add(path("/quarantine"), quarantine_page(view, matter.entries, viewer));
  site.add(path("/row"), target_row(status, viewer));
  if (status.report) {
    site.add(path("/approve"), approve_page({status, *status.report}, viewer));
    site.add(
        path("/approve?refused"),
        approve_page({status, *status.report, refused_confirmation(status.target, "x"), "because"},
                     viewer));
  }
}

Matter usual_matter() {
  return {usual_commits(), usual_history(),    "entries.total",
          usual_blame(),   usual_quarantine(), usual_schema()};
}

Matter worst_matter() {
  return {worst_commits(), worst_history(),    hostile(1),
          worst_blame(),   worst_quarantine(), worst_schema()};
}

void add_errors(Site& site) {
  const Error broken{.kind = ErrorKind::Transient,
                     .where = hostile(0),
                     .what = hostile(1),
                     .why = hostile(2),
                     .next = hostile(3)};
  for (const int status : {400, 403, 404, 409, 503})
    site.add("/errors/" + std::to_string(status), error_page(status, broken, operator_mia()));
  site.add("/login", login_page(hostile(0), hostile(1), nobody()));
}

/// What pages become in tests of events: trm-prod is in sync, and nothing but the time is another
/// on trm-demo.
void add_later(Site& site, std::vector<TargetStatus> fleet) {
  Viewer later = operator_mia();
  later.now += std::chrono::hours(1);
  const TargetStatus prod = status_of("trm-prod", "prod", in_sync_report());
  for (TargetStatus& status : fleet) {
    if (status.target == "trm-prod") status = prod;
    if (status.target == "trm-demo")
      site.add(target_path("trm-demo", "/later"),
               plan_page({{status, usual_commits(), ""}, status.report.get()}, later));
  }
  site.add("/later", fleet_page({fleet}, later));
  site.add("/only-others", fleet_page({fleet, "tenant"}, later));
  site.add(target_path("trm-prod", "/later"),
           plan_page({{prod, usual_commits(), ""}, prod.report.get()}, later));
  site.add(target_path("trm-prod", "/row-later"), target_row(prod, later));
}

void write_sites(const std::filesystem::path& folder, const std::filesystem::path& sources) {
  Site normal(folder / "normal");
  add_assets(normal, sources);
  const std::vector<TargetStatus> fleet = usual_fleet();
  normal.add("/", fleet_page({fleet}, operator_mia()));
  for (const TargetStatus& status : fleet)
    add_target(normal, status, usual_matter(), operator_mia());

  add_later(normal, fleet);

  Site empty(folder / "empty");
  add_assets(empty, sources);
  empty.add("/", fleet_page({{}}, nobody()));
  TargetStatus unseen;
  unseen.target = "trm-prod";
  unseen.standing = {Headline::Unknown, "", "not looked at yet", ""};
  add_target(empty, unseen, {}, nobody());
  empty.add("/login", login_page("", "/", nobody()));

  Site worst(folder / "worst");
  add_assets(worst, sources);
  const std::vector<TargetStatus> hostile_fleet = worst_fleet();
  worst.add("/", fleet_page({hostile_fleet}, operator_mia()));
  for (const TargetStatus& status : {hostile_fleet[2]})
    add_target(worst, status, worst_matter(), operator_mia());
  add_errors(worst);

  Site large(folder / "large");
  add_assets(large, sources);
  const std::vector<TargetStatus> many = tenants(1000);
  large.add("/", fleet_page({many}, operator_mia()));
  for (const std::size_t i : {500U, 501U, 502U, 503U, 504U})
    large.add(target_path(many[i].target, "/row"), target_row(many[i], operator_mia()));
}

}  // namespace
}  // namespace reconcile::test

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: dashboard_pages FOLDER\n";
    return 64;
  }
  reconcile::test::write_sites(argv[1], RECONCILE_SOURCE_DIR "/controller/dashboard/assets");
  return 0;
}
