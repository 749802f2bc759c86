#include "controller/dashboard/parts.h"

#include <array>

namespace reconcile::dashboard {

std::string target_path(std::string_view target, std::string_view rest) {
  return "/targets/" + url_part(target) + std::string(rest);
}

std::string headline_word(Headline headline) {
  std::string word(word_of(headline));
  if (!word.empty() && word[0] >= 'a' && word[0] <= 'z')
    word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return word;
}

Html badge(Headline headline) {
  return markup(
      "<span class=\"badge is-{}\"><span class=\"glyph\" aria-hidden=\"true\">{}</span> {}</span>",
      key_of(headline), glyph_of(headline), headline_word(headline));
}

Html name(std::string_view text) { return markup("<bdi class=\"name\">{}</bdi>", text); }

Html prose(std::string_view text) {
  Html out;
  while (!text.empty()) {
    const std::size_t open = text.find('`');
    const std::size_t close = open == std::string_view::npos ? open : text.find('`', open + 1);
    if (close == std::string_view::npos) return out + markup("{}", text);
    out +=
        markup("{}<code>{}</code>", text.substr(0, open), text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
  return out;
}

Html commit(std::string_view id) {
  return id.empty() ? markup("<span class=\"none\">–</span>")
                    : markup("<code class=\"commit\">{}</code>", id.substr(0, 10));
}

Html counts(const Counts& plan) {
  if (plan.steps() == 0) return markup("<span class=\"none\">–</span>");
  Html parts;
  const auto part = [&](std::string_view sign, std::string_view key, std::size_t count,
                        std::string_view word) {
    if (count == 0) return;
    parts += markup(
        "<span class=\"count sign-{}\"><span aria-hidden=\"true\">{}</span>{}<span "
        "class=\"unseen\"> "
        "{}</span></span> ",
        key, sign, count, word);
  };
  part("+", "create", plan.create, "to add");
  part("~", "change", plan.change, "to change");
  part("−", "remove", plan.remove, "to remove");
  part("›", "run", plan.run, "to run");
  part("=", "adopt", plan.adopt, "to adopt");
  part("!", "stake", plan.at_stake, "with data at stake");
  return parts;
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t sign = number < 0 ? 1 : 0;
  // A narrow no-break space, as the standard for quantities has it.
  for (std::size_t at = digits.size(); at > sign + 3;) {
    at -= 3;
    digits.insert(at, "\u202f");
  }
  return digits;
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", grouped(static_cast<std::int64_t>(count)), count == 1 ? one : many);
}

Sign sign_of(Action action) {
  constexpr std::array<Sign, 5> signs{{{"+", "add", "create"},
                                       {"~", "change", "change"},
                                       {"−", "remove", "remove"},
                                       {"›", "run", "run"},
                                       {"=", "adopt", "adopt"}}};
  return signs.at(static_cast<std::size_t>(action));
}

std::string sql_text(const Statement& statement) {
  return (statement.insert_head ? *statement.insert_head : std::string()) + statement.text;
}

Html sql_block(const std::vector<std::string>& statements) {
  std::string text;
  for (const std::string& statement : statements) text += statement + ";\n";
  if (!text.empty()) text.pop_back();
  return markup(
      "<pre class=\"sql\" tabindex=\"0\" role=\"group\" aria-label=\"SQL\"><code>{}</code></pre>",
      text);
}

Html notice(std::string_view kind, const Html& title, std::string_view text,
            std::string_view next) {
  return markup("<div class=\"notice is-{}\"><p class=\"notice-title\">{}</p>{}{}</div>", kind,
                title, text.empty() ? Html() : markup("<p>{}</p>", prose(text)),
                next.empty()
                    ? Html()
                    : markup("<p class=\"next\"><strong>Next:</strong> {}</p>", prose(next)));
}

std::string shell(std::string_view word) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+=,";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos)
    return std::string(word);
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

Html command(std::string_view text) {
  return markup(
      "<span class=\"command\"><code>{}</code><button type=\"button\" class=\"quiet copy\" "
      "hidden>Copy</button></span>",
      text);
}

Html empty(const Html& title, const Html& text) {
  return markup("<div class=\"empty\"><h2>{}</h2><p>{}</p></div>", title, text);
}

}  // namespace reconcile::dashboard
