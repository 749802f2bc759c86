#include <gtest/gtest.h>

#include "controller/dashboard/assets.h"
#include "controller/dashboard/html.h"
#include "controller/dashboard/parts.h"
#include "controller/dashboard/times.h"
#include "tests/unit/support/files.h"

namespace reconcile::dashboard {
namespace {

struct Escaped {
  std::string_view text, html;
};

TEST(DashboardHtml, TextBecomesNothingButText) {
  const Escaped cases[] = {
      {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
      {"\"><img src=x onerror='f()'>", "&quot;&gt;&lt;img src=x onerror=&#39;f()&#39;&gt;"},
      {"a&amp;b", "a&amp;amp;b"},
      {"user\u202egpj.exe", "user\\u202egpj.exe"},
      {"zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"},
      {"tag\U000e0041", "tag\\ue0041"},
      {"שלום", "שלום"},
      {"two\nlines\tand\r\x01", "two\nlines\tand\\u000d\\u0001"},
      {"cut \xe2\x82", "cut \\xe2\\x82"},
      {"long \xc0\xaf\xed\xa0\x80\xff", "long \\xc0\\xaf\\xed\\xa0\\x80\\xff"},
      {"{0} {} %s", "{0} {} %s"}};
  for (const Escaped& one : cases) EXPECT_EQ(escape(one.text), one.html);
  EXPECT_EQ(escape(std::string_view("\0", 1)), "\\u0000");
}

TEST(DashboardHtml, OnlyLiteralsAreMarkup) {
  const Html inner = markup("<b>{}</b>", "<i>");
  EXPECT_EQ(markup("<p title=\"{}\">{} {}</p>", "\"", inner, 7).text(),
            "<p title=\"&quot;\"><b>&lt;i&gt;</b> 7</p>");
}

TEST(DashboardHtml, PathsHoldAnyName) {
  EXPECT_EQ(url_part("a b/ü?#%"), "a%20b%2F%C3%BC%3F%23%25");
  EXPECT_EQ(url_part("tenant_042.eu-1~x"), "tenant_042.eu-1~x");
  EXPECT_EQ(target_path("..", "/row"), "/targets/%2E%2E/row");
}

TEST(DashboardHtml, CommandsHoldAnyName) {
  EXPECT_EQ(shell("trm-prod"), "trm-prod");
  EXPECT_EQ(shell("a b"), "'a b'");
  EXPECT_EQ(shell("x'; rm -rf /"), "'x'\\''; rm -rf /'");
  EXPECT_EQ(shell(""), "''");
}

TEST(DashboardHtml, BackticksAreCode) {
  EXPECT_EQ(prose("put `a<b` there, `open").text(), "put <code>a&lt;b</code> there, `open");
}

TEST(DashboardHtml, NumbersAreGrouped) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(18204), "18\u202f204");
  EXPECT_EQ(grouped(-1234567), "-1\u202f234\u202f567");
}

TEST(DashboardTimes, AreRelativeForAMonth) {
  const WallTime now = *parse_iso("2026-11-22T14:31:08Z");
  EXPECT_EQ(iso_time(now), "2026-11-22T14:31:08Z");
  EXPECT_EQ(exact(now), "22 Nov 2026 14:31:08 UTC");
  const auto words = [&](std::chrono::seconds age) {
    const std::string html = relative(now - age, now).text();
    const std::size_t from = html.rfind("\">") + 2;
    return html.substr(from, html.rfind('<') - from);
  };
  EXPECT_EQ(words(std::chrono::seconds(12)), "12 s ago");
  EXPECT_EQ(words(std::chrono::seconds(-48)), "in 48 s");
  EXPECT_EQ(words(std::chrono::hours(30)), "30 h ago");
  EXPECT_EQ(words(std::chrono::hours(24 * 9)), "9 d ago");
  EXPECT_EQ(words(std::chrono::hours(24 * 40)), "13 Oct 2026 14:31:08 UTC");
  EXPECT_EQ(relative(WallTime{}, now).text(), "never");
  EXPECT_EQ(relative("<soon>", now).text(), "&lt;soon&gt;");
  EXPECT_FALSE(parse_iso("2026-13-01T00:00:00Z"));
  EXPECT_EQ(length(std::chrono::milliseconds(90)), "90 ms");
  EXPECT_EQ(length(std::chrono::milliseconds(2149)), "2.1 s");
}

TEST(DashboardAssets, AreWhatStandsInTheirFolder) {
  std::size_t bytes = 0;
  const std::filesystem::path folder =
      std::filesystem::path(RECONCILE_SOURCE_DIR) / "controller/dashboard/assets";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto found = asset(asset_url(entry.path().filename().string()));
    ASSERT_TRUE(found) << entry.path();
    EXPECT_EQ(found->body, test::contents(entry.path()));
    bytes += found->body.size();
  }
  // The budget is 60 kB compressed; text of this kind becomes a third.
  EXPECT_LT(bytes, 100'000U);
  EXPECT_FALSE(asset("/assets/0000000000000000/app.js"));
  EXPECT_FALSE(asset(asset_url("../page.cc")));
  EXPECT_FALSE(asset("/"));
}

}  // namespace
}  // namespace reconcile::dashboard
