#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "reconcilers/snapshot/js_json.h"
#include "reconcilers/snapshot/js_text.h"
#include "reconcilers/snapshot/yaml_writer.h"
#include "tests/unit/support/files.h"

namespace reconcile::snapshot {
namespace {

std::string yaml(const Value& value, YamlNumbers numbers = YamlNumbers::Finite) {
  std::string out;
  YamlWriter(out, numbers).document(value);
  return out;
}

// Each line of the file: a value, what js-yaml 4.1.1 makes of it, and 4.3.2 where that is another
// text.
TEST(YamlWriter, WritesWhatJsYamlWrites) {
  std::istringstream lines(
      reconcile::test::contents(RECONCILE_SOURCE_DIR "/tests/unit/golden/js_yaml.jsonl"));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto parsed = parse_js_json(line);
    ASSERT_TRUE(parsed) << line;
    const boost::json::array& row = parsed->get_array();
    EXPECT_EQ(yaml(row[0], YamlNumbers::Underscored), text_of(&row[1])) << line;
    EXPECT_EQ(yaml(row[0], YamlNumbers::Finite), text_of(&row.at(row.size() - 1))) << line;
  }
  EXPECT_GT(count, 100U);
}

TEST(YamlWriter, NumbersThatJsonDoesNotHave) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(yaml(infinity), ".inf\n");
  EXPECT_EQ(yaml(-infinity), "-.inf\n");
  EXPECT_EQ(yaml(std::numeric_limits<double>::quiet_NaN()), ".nan\n");
}

TEST(YamlWriter, PieceByPieceIsTheSame) {
  const auto value = parse_js_json(R"({"a":1,"list":[{"x":"y","z":{"k":null}},{"x":[]}]})");
  std::string out;
  YamlWriter writer(out);
  writer.member(0, "a", 1, true);
  writer.open(0, "list");
  writer.item(1);
  writer.member(2, "x", "y", true);
  writer.open(2, "z");
  writer.member(3, "k", nullptr);
  writer.item(1);
  writer.member(2, "x", boost::json::array(), true);
  writer.end();
  EXPECT_EQ(out, yaml(*value));
}

TEST(JsText, NumbersFromText) {
  struct Case {
    std::string_view text;
    std::optional<double> number;
  };
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Case cases[] = {{"", 0},
                        {" \n12\t", 12},
                        {"\u00a07", 7},
                        {"1.5e3", 1500},
                        {".5", 0.5},
                        {"5.", 5},
                        {"+1", 1},
                        {"0x1F", 31},
                        {"0b11", 3},
                        {"0o17", 15},
                        {"-0x1", {}},
                        {"1_000", {}},
                        {".", {}},
                        {"1e", {}},
                        {"Infinity", infinity},
                        {"infinity", {}},
                        {"-Infinity", -infinity},
                        {"1e999", infinity},
                        {"1e-999", 0},
                        {"12px", {}},
                        {"NaN", {}}};
  for (const Case& c : cases) EXPECT_EQ(js_number(c.text), c.number) << c.text;
}

TEST(JsText, StringsCompareByUtf16) {
  EXPECT_LT(compare_utf16("B", "_"), 0);
  EXPECT_LT(compare_utf16("_", "a"), 0);
  EXPECT_LT(compare_utf16("a", "ab"), 0);
  EXPECT_EQ(compare_utf16("é", "é"), 0);
  EXPECT_LT(compare_utf16("z", "é"), 0);
  EXPECT_LT(compare_utf16("😀", "ﬀ"), 0);  // a surrogate pair before U+FB00
  EXPECT_GT(compare_utf16("😀", "日"), 0);
}

TEST(JsJson, ReadsAndWritesWhatJavaScriptDoes) {
  const std::string_view text =
      R"({"b":0.1,"a":[1e+21,1e-7,-1.5,null,true],"t":"\"\\\b\f\n\r\t\u0001\u001f/ü😀"})";
  std::string again;
  append_js_json(again, parse_js_json(text).value());
  EXPECT_EQ(again, text);
  EXPECT_EQ(parse_js_json(R"( {"a":1,"a":2} )"), Value({{"a", 2}}));
  EXPECT_EQ(parse_js_json(R"("\ud83d\ude00")"), Value("😀"));
  EXPECT_EQ(parse_js_json("0.9318208361510187"), Value(0.9318208361510187));
  for (const std::string_view bad :
       {"",        " ",     "01",         "1.",      ".5",        "-",    "+1",
        "nul",     "'a'",   "\"a",        "\"\\x\"", "\"\\u12\"", "[1,]", "[1",
        "{\"a\"}", "{a:1}", "{\"a\":1,}", "1 2",     "\"\n\"",    "NaN"}) {
    EXPECT_FALSE(parse_js_json(bad)) << bad;
  }
  EXPECT_FALSE(parse_js_json(std::string(100'000, '[')));
}

}  // namespace
}  // namespace reconcile::snapshot
