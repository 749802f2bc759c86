#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "controller/dashboard/approve.h"
#include "controller/dashboard/assets.h"
#include "controller/dashboard/diagram.h"
#include "controller/dashboard/drift.h"
#include "controller/dashboard/fleet.h"
#include "controller/dashboard/front.h"
#include "controller/dashboard/history.h"
#include "controller/dashboard/plan.h"
#include "tests/browser/fixtures.h"
#include "tests/unit/support/golden.h"

namespace reconcile::dashboard {
namespace {

using test::expect_golden;
using ::testing::HasSubstr;
using ::testing::Not;

/// An element a line, and without the address of the assets, which changes with each of them.
std::string lines(const std::string& page) {
  const std::size_t from = page.find("<main");
  const std::size_t to = page.find("</main>");
  const std::string main = from == std::string::npos ? page : page.substr(from, to - from);
  return std::regex_replace(main, std::regex("><"), ">\n<") + "\n";
}

TargetStatus prod() { return test::status_of("trm-prod", "prod", test::held_report()); }

TEST(DashboardPages, Fleet) {
  const std::vector<TargetStatus> all{
      prod(), test::status_of("trm-stage", "stage", test::in_sync_report())};
  expect_golden("dashboard_fleet.html", lines(fleet_page({all}, test::operator_mia())));
}
TEST(DashboardPages, Plan) {
  const TargetStatus status = prod();
  expect_golden(
      "dashboard_plan.html",
      lines(plan_page({{status, test::usual_commits(), ""}, status.report.get()}, test::nobody())));
}
TEST(DashboardPages, Diagram) {
  const TargetStatus status = prod();
  expect_golden("dashboard_diagram.html",
                lines(diagram_page({{status}, status.report.get(), {}}, test::nobody())));
}
TEST(DashboardPages, Drift) {
  const TargetStatus status = test::status_of("trm-demo", "", test::drifted_report());
  expect_golden("dashboard_drift.html",
                lines(drift_page({{status}, status.report.get()}, test::operator_mia())));
}
TEST(DashboardPages, Approve) {
  const TargetStatus status = prod();
  expect_golden("dashboard_approve.html",
                lines(approve_page({status, *status.report}, test::operator_mia())));
}
TEST(DashboardPages, History) {
  const TargetStatus status = prod();
  expect_golden("dashboard_history.html",
                lines(history_page({status}, test::usual_history(), test::nobody())));
}
TEST(DashboardPages, Blame) {
  const TargetStatus status = prod();
  expect_golden(
      "dashboard_blame.html",
      lines(blame_page({{status}, "entries.total", test::usual_blame()}, test::nobody())));
}
TEST(DashboardPages, Quarantine) {
  const TargetStatus status = prod();
  expect_golden("dashboard_quarantine.html",
                lines(quarantine_page({status}, test::usual_quarantine(), test::operator_mia())));
}
TEST(DashboardPages, Failure) {
  const TargetStatus status = test::status_of("archive", "prod", test::failed_report());
  const std::string page = plan_page({{status}, status.report.get()}, test::nobody());
  EXPECT_THAT(page, HasSubstr("Failed in post: the statement failed"));
  EXPECT_THAT(page, HasSubstr("nothing of this revision was applied"));
}

TEST(DashboardPages, AWholeDocumentNamesItsAssets) {
  const std::string page = login_page("", "/", test::nobody());
  EXPECT_THAT(page, HasSubstr(asset_url("app.js")));
  EXPECT_THAT(page, HasSubstr("<html lang=\"en\">"));
}

TEST(DashboardPages, WhatOneMayNotDoIsNotOffered) {
  const TargetStatus status = prod();
  Viewer reader = test::nobody();
  reader.actor = "reader";
  const std::string plan = plan_page({{status}, status.report.get()}, reader);
  EXPECT_THAT(plan, Not(HasSubstr("/reconcile\"")));
  EXPECT_THAT(plan, Not(HasSubstr("/suspend\"")));
  const std::string approve = approve_page({status, *status.report}, reader);
  EXPECT_THAT(approve, Not(HasSubstr("<form id=\"approve\"")));
  EXPECT_THAT(approve, HasSubstr("Your token may not approve"));
}

TEST(DashboardPages, AnApprovalIsConfirmedByName) {
  EXPECT_EQ(refused_confirmation("trm-prod", " trm-prod\n"), "");
  EXPECT_NE(refused_confirmation("trm-prod", "trm-stage"), "");
  EXPECT_NE(refused_confirmation("trm-prod", ""), "");
}

/// Every page with names, messages and SQL that want to be markup.
std::vector<std::string> hostile_pages() {
  const Viewer mia = test::operator_mia();
  const std::vector<TargetStatus> fleet = test::worst_fleet();
  std::vector<std::string> pages{fleet_page({fleet, test::hostile(1)}, mia),
                                 login_page(test::hostile(0), test::hostile(1), mia)};
  for (const TargetStatus& status : fleet) {
    const TargetView view{status, test::worst_commits(), test::hostile(1)};
    const PassReport* report = status.report.get();
    pages.push_back(target_row(status, mia));
    pages.push_back(plan_page({view, report}, mia));
    pages.push_back(drift_page({view, report}, mia));
    pages.push_back(diagram_page({view, report, test::worst_schema()}, mia));
    pages.push_back(approve_page({status, *report, test::hostile(0), test::hostile(1)}, mia));
    pages.push_back(history_page(view, test::worst_history(), mia));
    pages.push_back(blame_page({view, test::hostile(1), test::worst_blame()}, mia));
    pages.push_back(quarantine_page(view, test::worst_quarantine(), mia));
  }
  return pages;
}

TEST(DashboardPages, HostileNamesStayText) {
  for (const std::string& page : hostile_pages()) {
    EXPECT_EQ(page.find("<script>"), std::string::npos);
    EXPECT_EQ(page.find("<img src=x"), std::string::npos);
    EXPECT_EQ(page.find("\u202e"), std::string::npos);
    EXPECT_EQ(page.find('\x01'), std::string::npos);
    // What the content security policy would refuse.
    EXPECT_EQ(page.find(" style="), std::string::npos);
    EXPECT_EQ(page.find("javascript:"), std::string::npos);
    if (HasFailure()) return;
  }
}

TEST(DashboardPages, AThousandTargetsAreOnOnePage) {
  const std::vector<TargetStatus> all = test::tenants(1001);
  const std::string first = fleet_page({all}, test::nobody());
  EXPECT_THAT(first, HasSubstr("Page 1 of 2"));
  std::size_t rows = 0;
  for (std::size_t at = first.find("<tr data"); at != std::string::npos;
       at = first.find("<tr data", at + 1))
    ++rows;
  EXPECT_EQ(rows, rows_of_a_page);
  EXPECT_LT(first.size(), 1'200'000U);
  EXPECT_THAT(fleet_page({all, "", 99}, test::nobody()), HasSubstr("Page 2 of 2"));
}

}  // namespace
}  // namespace reconcile::dashboard
