#include "client/cli/output/yaml.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "client/charts/text_width.h"

namespace canvass::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr Json::error_handler_t kReplace = Json::error_handler_t::replace;

// Where a text stands: within `{ }` and `[ ]` more characters mean something.
enum class Place { kBlock, kFlow };

bool HasControl(absl::string_view text) {
  for (const char c : text) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) return true;
  }
  // Next line, and the separators of lines and paragraphs.
  return absl::StrContains(text, "\xC2\x85") || absl::StrContains(text, "\xE2\x80\xA8") ||
         absl::StrContains(text, "\xE2\x80\xA9");
}

// "0 = not at all" begins like a number or a date, and is plainly neither.
bool IsPhrase(absl::string_view text) {
  bool letters = false;
  for (std::size_t i = 1; i < text.size(); ++i)
    letters = letters || (absl::ascii_islower(text[i - 1]) && absl::ascii_islower(text[i]));
  return letters && absl::StrContains(text, " ");
}

// Whether a YAML reader takes the bare text for nothing but that text.
bool IsPlainText(absl::string_view text, Place place) {
  if (text.empty() || absl::ascii_isspace(text.front()) || absl::ascii_isspace(text.back()) || HasControl(text)) {
    return false;
  }
  if (absl::StrContains("-?:,[]{}#&*!|>'\"%@`.=~+<", text.substr(0, 1))) return false;
  if (absl::ascii_isdigit(text.front()) && !IsPhrase(text)) return false;
  if (absl::StrContains(text, ": ") || absl::StrContains(text, " #") || text.back() == ':') return false;
  if (place == Place::kFlow && text.find_first_of("[]{},?:") != absl::string_view::npos) return false;
  const std::string word = absl::AsciiStrToLower(text);
  for (const char* special : {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}) {
    if (word == special) return false;
  }
  return true;
}

std::string ScalarText(const Json& value, Place place) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (IsPlainText(text, place)) return text;
    // What has quotes of its own reads better in the other ones.
    const bool quotes = absl::StrContains(text, "\"") || absl::StrContains(text, "\\");
    if (quotes && !HasControl(text) && charts::IsUtf8(text)) {
      return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "''"}}), "'");
    }
  }
  // JSON's scalars, and its empty lists and maps, are YAML.
  return value.dump(-1, ' ', false, kReplace);
}

bool IsBlock(const Json& value) { return value.is_structured() && !value.empty(); }

class Writer {
 public:
  explicit Writer(const YamlStyle& style) : style_(style) {}

  std::string Write(const Json& json) {
    if (!IsBlock(json)) return ScalarText(json, Place::kBlock) + "\n";
    WriteBlock(json, 0, "");
    return std::move(text_);
  }

 private:
  // What stands behind a key or a dash; `key` is the nearest one.
  void WriteValue(const Json& value, int indent, bool in_list, const std::string& key) {
    if (!IsBlock(value)) {
      WriteScalar(value, indent);
      return;
    }
    if (const std::optional<std::string> line = OneLine(value, key); line.has_value()) {
      const std::size_t start = text_.rfind('\n') + 1;
      const int width = charts::DisplayWidth(absl::string_view(text_).substr(start)) + charts::DisplayWidth(*line) + 1;
      if (width <= style_.width) {
        absl::StrAppend(&text_, " ", *line, "\n");
        return;
      }
    }
    if (!in_list) {
      text_.push_back('\n');
      WriteBlock(value, indent + 2, key);
      return;
    }
    // The first line of a list's item stands beside its dash.
    text_.push_back(' ');
    beside_dash_ = true;
    WriteBlock(value, indent + 2, key);
  }

  void WriteScalar(const Json& value, int indent) {
    if (value.is_null() && style_.width > 0) {
      text_.push_back('\n');
      return;
    }
    const std::optional<std::string> lines = style_.width > 0 ? Lines(value, indent) : std::nullopt;
    absl::StrAppend(&text_, " ", lines.has_value() ? *lines : ScalarText(value, Place::kBlock), "\n");
  }

  // A text of several lines as these lines, where that says exactly the same.
  static std::optional<std::string> Lines(const Json& value, int indent) {
    if (!value.is_string()) return std::nullopt;
    const auto& text = value.get_ref<const std::string&>();
    if (!absl::StrContains(text, "\n") || text.back() == '\n' || absl::ascii_isspace(text.front())) return std::nullopt;
    if (!charts::IsUtf8(text)) return std::nullopt;
    const std::string margin(static_cast<std::size_t>(indent) + 2, ' ');
    std::string block = "|-";
    for (const absl::string_view line : absl::StrSplit(text, '\n')) {
      if (HasControl(line) || (!line.empty() && line.back() == ' ')) return std::nullopt;
      absl::StrAppend(&block, "\n", line.empty() ? "" : margin, line);
    }
    return block;
  }

  // The value on one line; nothing if it may not stand there.
  std::optional<std::string> OneLine(const Json& value, const std::string& key) const {
    if (style_.width == 0 || style_.blocks.contains(key) || style_.spaced.contains(key)) return std::nullopt;
    std::vector<std::string> parts;
    for (const auto& [name, item] : value.items()) {
      const std::string& item_key = value.is_object() ? name : key;
      std::string part;
      if (IsBlock(item)) {
        // The items of a list that are maps have a line each.
        if (value.is_array() && item.is_object()) return std::nullopt;
        const std::optional<std::string> inner = OneLine(item, item_key);
        if (!inner.has_value()) return std::nullopt;
        part = *inner;
      } else {
        if (item.is_null() || (item.is_string() && absl::StrContains(item.get_ref<const std::string&>(), "\n"))) {
          return std::nullopt;
        }
        part = ScalarText(item, Place::kFlow);
      }
      parts.push_back(value.is_object() ? absl::StrCat(ScalarText(Json(name), Place::kFlow), ": ", part) : part);
    }
    const std::string inside = absl::StrJoin(parts, ", ");
    return value.is_object() ? absl::StrCat("{", inside, "}") : absl::StrCat("[", inside, "]");
  }

  void WriteBlock(const Json& json, int indent, const std::string& key) {
    const std::string margin(static_cast<std::size_t>(indent), ' ');
    const auto begin_line = [&] {
      if (!std::exchange(beside_dash_, false)) text_ += margin;
    };
    bool first = true;
    if (json.is_array()) {
      for (const Json& item : json) {
        if (!std::exchange(first, false) && style_.spaced.contains(key)) text_.push_back('\n');
        begin_line();
        text_.push_back('-');
        WriteValue(item, indent, true, key);
      }
      return;
    }
    bool after_spaced = false;
    for (const auto& [name, value] : json.items()) {
      const bool spaced = style_.spaced.contains(name);
      // Such lists stand apart from what is around them.
      if (indent == 0 && !std::exchange(first, false) && (spaced || after_spaced)) text_.push_back('\n');
      after_spaced = spaced;
      begin_line();
      absl::StrAppend(&text_, ScalarText(Json(name), Place::kBlock), ":");
      WriteValue(value, indent, false, name);
    }
  }

  const YamlStyle& style_;
  std::string text_;
  bool beside_dash_ = false;
};

}  // namespace

std::string YamlText(const Json& json, const YamlStyle& style) { return Writer(style).Write(json); }

}  // namespace canvass::cli
