#include "client/surveyjs/html_text.h"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace canvass::surveyjs {
namespace {

constexpr std::array<std::pair<absl::string_view, absl::string_view>, 15> kEntities = {{
    {"amp", "&"},
    {"lt", "<"},
    {"gt", ">"},
    {"quot", "\""},
    {"apos", "'"},
    {"nbsp", " "},
    {"copy", "©"},
    {"reg", "®"},
    {"trade", "™"},
    {"euro", "€"},
    {"ndash", "–"},
    {"mdash", "—"},
    {"hellip", "…"},
    {"laquo", "«"},
    {"raquo", "»"},
}};

void AppendCharacter(uint32_t code, std::string& text) {
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return;
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | (code >> 6));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | (code >> 12));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xF0 | (code >> 18));
    text += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

bool AppendEntity(absl::string_view name, std::string& text) {
  if (absl::ConsumePrefix(&name, "#")) {
    uint32_t code = 0;
    const bool hex = absl::ConsumePrefix(&name, "x") || absl::ConsumePrefix(&name, "X");
    if (hex ? !absl::SimpleHexAtoi(name, &code) : !absl::SimpleAtoi(name, &code)) return false;
    AppendCharacter(code, text);
    return true;
  }
  for (const auto& [entity, character] : kEntities) {
    if (entity != name) continue;
    absl::StrAppend(&text, character);
    return true;
  }
  return false;
}

bool IsHeading(absl::string_view tag) { return tag.size() == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6'; }

bool IsBlock(absl::string_view tag) {
  static constexpr std::array<absl::string_view, 10> kBlocks = {"p",  "br", "div",     "li",    "ul",
                                                                "ol", "tr", "section", "table", "hr"};
  return IsHeading(tag) || absl::c_linear_search(kBlocks, tag);
}

class HtmlReader {
 public:
  explicit HtmlReader(absl::string_view html) : rest_(html) {}

  HtmlText Run() && {
    while (!rest_.empty()) {
      if (StartsTag()) {
        TakeTag();
      } else if (rest_[0] == '&') {
        TakeEntity();
      } else {
        current_ += rest_[0];
        rest_.remove_prefix(1);
      }
    }
    EndBlock();
    if (blocks_.size() > 1 && starts_with_heading_) {
      result_.heading = blocks_[0];
      blocks_.erase(blocks_.begin());
    }
    result_.text = absl::StrJoin(blocks_, "\n");
    return std::move(result_);
  }

 private:
  // `a < b` has no tag.
  bool StartsTag() const {
    if (rest_.size() < 2 || rest_[0] != '<' || rest_.find('>') == absl::string_view::npos) return false;
    const char next = rest_[1];
    return next == '/' || next == '!' || absl::ascii_isalpha(static_cast<unsigned char>(next));
  }

  void TakeTag() {
    result_.had_tags = true;
    if (absl::StartsWith(rest_, "<!--")) {
      result_.had_markup = true;
      return SkipTo("-->");
    }
    const std::size_t end = rest_.find('>');
    absl::string_view inner = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    const bool closes = absl::ConsumePrefix(&inner, "/");
    absl::ConsumeSuffix(&inner, "/");
    inner = absl::StripAsciiWhitespace(inner);
    const std::string tag = absl::AsciiStrToLower(inner.substr(0, inner.find_first_of(" \t\r\n")));
    const bool plain = tag.size() == inner.size() && (IsHeading(tag) || tag == "p" || tag == "br");
    result_.had_markup = result_.had_markup || !plain;
    if (!closes && (tag == "script" || tag == "style")) return SkipTo(absl::StrCat("</", tag, ">"));
    if (!IsBlock(tag)) return;
    if (IsHeading(tag) && !closes && blocks_.empty() && absl::StripAsciiWhitespace(current_).empty()) {
      starts_with_heading_ = true;
    }
    EndBlock();
  }

  void SkipTo(absl::string_view end) {
    const std::size_t at = rest_.find(end);
    rest_ = at == absl::string_view::npos ? absl::string_view() : rest_.substr(at + end.size());
  }

  void TakeEntity() {
    const std::size_t end = rest_.substr(0, 12).find(';');
    if (end == absl::string_view::npos || !AppendEntity(rest_.substr(1, end - 1), current_)) {
      current_ += '&';
      rest_.remove_prefix(1);
      return;
    }
    rest_.remove_prefix(end + 1);
  }

  void EndBlock() {
    const std::string line =
        absl::StrJoin(absl::StrSplit(current_, absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty()), " ");
    if (!line.empty()) blocks_.push_back(line);
    current_.clear();
  }

  absl::string_view rest_;
  std::string current_;
  std::vector<std::string> blocks_;
  bool starts_with_heading_ = false;
  HtmlText result_;
};

}  // namespace

HtmlText ReadHtml(absl::string_view html) { return HtmlReader(html).Run(); }

std::string EscapeHtml(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\n", "<br>"}});
}

}  // namespace canvass::surveyjs
