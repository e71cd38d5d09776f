#include "client/surveyjs/report.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace canvass::surveyjs {
namespace {

constexpr std::size_t kMaxQuoted = 100;

}  // namespace

void Report::Add(absl::string_view path, absl::string_view message) {
  if (notes_.size() > kMaxNotes || !told_.insert(absl::StrCat(path, "\n", message)).second) return;
  if (notes_.size() == kMaxNotes) {
    notes_.push_back({"", "there are more notes than are listed here"});
    return;
  }
  notes_.push_back({std::string(path), std::string(message)});
}

std::string Shortened(absl::string_view text, std::size_t max_characters) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts_character = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (starts_character && characters++ == max_characters) return std::string(text.substr(0, i));
  }
  return std::string(text);
}

std::string Quoted(absl::string_view text) {
  std::string line = Shortened(text, kMaxQuoted);
  const bool cut = line.size() < text.size();
  for (char& c : line) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) c = ' ';
  }
  return absl::StrCat("'", line, cut ? "…" : "", "'");
}

}  // namespace canvass::surveyjs
