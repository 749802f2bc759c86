#include "reconcilers/alerts/book_json.h"

#include <boost/json.hpp>
#include <stdexcept>

namespace reconcile::alerts {
namespace {

namespace json = boost::json;

constexpr std::int64_t version = 1;

std::int64_t milliseconds(WallTime time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

WallTime time_of(const json::value& value) {
  // Year 9999 and its like would overflow on the way to nanoseconds.
  constexpr std::int64_t most = INT64_MAX / 1'000'000;
  const std::int64_t number = value.as_int64();
  if (number < 0 || number > most) throw std::out_of_range("a time is out of range");
  return WallTime(std::chrono::milliseconds(number));
}

std::string text_of(const json::object& object, std::string_view name) {
  return json::value_to<std::string>(object.at(name));
}

std::optional<WallTime> optional_time(const json::object& object, std::string_view name) {
  const json::value& value = object.at(name);
  if (value.is_null()) return std::nullopt;
  return time_of(value);
}

json::value optional_number(const std::optional<WallTime>& time) {
  return time ? json::value(milliseconds(*time)) : json::value(nullptr);
}

json::object json_of(const Alert& alert) {
  return {{"condition", name_of(alert.condition)},
          {"severity", name_of(alert.severity)},
          {"target", alert.target},
          {"environment", alert.environment},
          {"reason", alert.reason},
          {"object", alert.object},
          {"sentence", alert.sentence},
          {"commit", alert.commit},
          {"subject", alert.subject},
          {"started", milliseconds(alert.started)},
          {"path", alert.path}};
}

template <class Value>
Value value_named(std::string_view name, int count) {
  for (int i = 0; i < count; ++i) {
    if (name_of(static_cast<Value>(i)) == name) return static_cast<Value>(i);
  }
  throw std::out_of_range("\"" + std::string(name) + "\" is not known");
}

Alert alert_of(const std::string& key, const json::object& object) {
  Alert alert;
  alert.key = key;
  alert.condition =
      value_named<Condition>(text_of(object, "condition"), static_cast<int>(conditions));
  alert.severity = value_named<Severity>(text_of(object, "severity"), 3);
  alert.target = text_of(object, "target");
  alert.environment = text_of(object, "environment");
  alert.reason = text_of(object, "reason");
  alert.object = text_of(object, "object");
  alert.sentence = text_of(object, "sentence");
  alert.commit = text_of(object, "commit");
  alert.subject = text_of(object, "subject");
  alert.started = time_of(object.at("started"));
  alert.path = text_of(object, "path");
  return alert;
}

json::object json_of(const Entry& entry) {
  json::object told;
  for (const auto& [receiver, what] : entry.told) {
    told[receiver] = json::object{{"resolved", what.resolved},
                                  {"delivered", what.delivered},
                                  {"at", milliseconds(what.at)},
                                  {"sentence", what.sentence}};
  }
  return {{"alert", json_of(entry.alert)},
          {"gone", optional_number(entry.gone)},
          {"over", optional_number(entry.over)},
          {"told", std::move(told)}};
}

Entry entry_of(const std::string& key, const json::object& object) {
  Entry entry;
  entry.alert = alert_of(key, object.at("alert").as_object());
  entry.gone = optional_time(object, "gone");
  entry.over = optional_time(object, "over");
  for (const auto& [receiver, value] : object.at("told").as_object()) {
    const json::object& what = value.as_object();
    entry.told[std::string(receiver)] = {.resolved = what.at("resolved").as_bool(),
                                         .delivered = what.at("delivered").as_bool(),
                                         .at = time_of(what.at("at")),
                                         .sentence = text_of(what, "sentence")};
  }
  return entry;
}

Book book_of(const json::object& document) {
  if (document.at("version").as_int64() != version)
    throw std::out_of_range("it is of another version");
  Book book;
  book.live = text_of(document, "live");
  book.unknown_since = optional_time(document, "unknown_since");
  for (const auto& [key, value] : document.at("entries").as_object())
    book.entries[std::string(key)] = entry_of(std::string(key), value.as_object());
  for (const auto& [receiver, value] : document.at("commits").as_object()) {
    const json::object& told = value.as_object();
    book.commits[std::string(receiver)] = {.commit = text_of(told, "commit"),
                                           .state = text_of(told, "state"),
                                           .delivered = told.at("delivered").as_bool()};
  }
  return book;
}

Error unreadable(std::string why) {
  return {.kind = ErrorKind::Terminal,
          .where = "the book of alerts",
          .what = "cannot be read",
          .why = std::move(why),
          .next = "go on with an empty one: what is still there is told once more"};
}

}  // namespace

std::string to_json(const Book& book) {
  json::object entries;
  for (const auto& [key, entry] : book.entries) entries[key] = json_of(entry);
  json::object commits;
  for (const auto& [receiver, told] : book.commits) {
    commits[receiver] =
        json::object{{"commit", told.commit}, {"state", told.state}, {"delivered", told.delivered}};
  }
  return json::serialize(json::object{{"version", version},
                                      {"live", book.live},
                                      {"unknown_since", optional_number(book.unknown_since)},
                                      {"entries", std::move(entries)},
                                      {"commits", std::move(commits)}});
}

Result<Book> book_from_json(std::string_view text) {
  boost::system::error_code failed;
  const json::value document = json::parse(text, failed);
  if (failed) return unreadable(failed.message());
  try {
    return book_of(document.as_object());
  } catch (const std::exception& error) {
    return unreadable(error.what());
  }
}

}  // namespace reconcile::alerts
