#include "client/charts/text_width.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "absl/strings/str_cat.h"

namespace canvass::charts {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr absl::string_view kReplacementText = "\xEF\xBF\xBD";

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode 15: East_Asian_Width W and F, and emoji shown as pictures. Sorted.
constexpr Range kWide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},   {0x23F0, 0x23F0},
    {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},   {0x2648, 0x2653},   {0x267F, 0x267F},
    {0x2693, 0x2693},   {0x26A1, 0x26A1},   {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},
    {0x26CE, 0x26CE},   {0x26D4, 0x26D4},   {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},
    {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},   {0x2728, 0x2728},
    {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},
    {0x27B0, 0x27B0},   {0x27BF, 0x27BF},   {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},
    {0x2E80, 0x303E},   {0x3041, 0x4DBF},   {0x4E00, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE10, 0xFE19},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x16FE0, 0x18CFF}, {0x1AFF0, 0x1B2FB}, {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E},
    {0x1F191, 0x1F19A}, {0x1F200, 0x1F320}, {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393},
    {0x1F3A0, 0x1F3CA}, {0x1F3CF, 0x1F3D3}, {0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4}, {0x1F3F8, 0x1F43E},
    {0x1F440, 0x1F440}, {0x1F442, 0x1F4FC}, {0x1F4FF, 0x1F53D}, {0x1F54B, 0x1F54E}, {0x1F550, 0x1F567},
    {0x1F57A, 0x1F57A}, {0x1F595, 0x1F596}, {0x1F5A4, 0x1F5A4}, {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5},
    {0x1F6CC, 0x1F6CC}, {0x1F6D0, 0x1F6D2}, {0x1F6D5, 0x1F6D7}, {0x1F6DC, 0x1F6DF}, {0x1F6EB, 0x1F6EC},
    {0x1F6F4, 0x1F6FC}, {0x1F7E0, 0x1F7EB}, {0x1F7F0, 0x1F7F0}, {0x1F90C, 0x1F93A}, {0x1F93C, 0x1F945},
    {0x1F947, 0x1F9FF}, {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD},
};

// Marks that sit on the character before them, and what is never drawn. Sorted.
constexpr Range kZero[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2}, {0x05C4, 0x05C5},
    {0x05C7, 0x05C7}, {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06DC}, {0x06DF, 0x06E4},
    {0x06E7, 0x06E8}, {0x06EA, 0x06ED}, {0x0900, 0x0902}, {0x093C, 0x093C}, {0x0941, 0x0948}, {0x094D, 0x094D},
    {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F},
    {0x2060, 0x2064}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF},
};

// Embeddings, overrides and isolates of the bidirectional algorithm, and line separators.
constexpr Range kSteering[] = {{0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069}};

template <std::size_t kSize>
bool Contains(const Range (&ranges)[kSize], char32_t rune) {
  const Range* found = std::lower_bound(std::begin(ranges), std::end(ranges), rune,
                                        [](const Range& range, char32_t value) { return range.last < value; });
  return found != std::end(ranges) && found->first <= rune;
}

// The bytes of the character that a byte begins, 0 if none can begin with it.
std::size_t SequenceLength(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// Takes the first character off `text`, which is not empty. kReplacement, and one byte, where it is not UTF-8.
char32_t TakeRune(absl::string_view& text, absl::string_view& bytes) {
  const std::size_t length = SequenceLength(static_cast<unsigned char>(text[0]));
  constexpr std::array<char32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  bytes = text.substr(0, 1);
  if (length == 0 || length > text.size()) {
    text.remove_prefix(1);
    return kReplacement;
  }
  char32_t rune = static_cast<unsigned char>(text[0]);
  if (length > 1) rune &= 0x7FU >> length;
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80) {
      text.remove_prefix(1);
      return kReplacement;
    }
    rune = rune << 6U | (next & 0x3FU);
  }
  const bool surrogate = rune >= 0xD800 && rune <= 0xDFFF;
  if (rune < kSmallest[length] || surrogate || rune > 0x10FFFF) {
    text.remove_prefix(1);
    return kReplacement;
  }
  bytes = text.substr(0, length);
  text.remove_prefix(length);
  return rune;
}

int RuneWidth(char32_t rune) {
  if (rune < 0x300) return 1;
  if (Contains(kZero, rune)) return 0;
  return Contains(kWide, rune) ? 2 : 1;
}

bool IsControl(char32_t rune) { return rune < 0x20 || (rune >= 0x7F && rune < 0xA0); }

}  // namespace

int DisplayWidth(absl::string_view text) {
  int width = 0;
  absl::string_view bytes;
  while (!text.empty()) width += RuneWidth(TakeRune(text, bytes));
  return width;
}

std::string Printable(absl::string_view text) {
  std::string result;
  result.reserve(text.size());
  absl::string_view bytes;
  while (!text.empty()) {
    const char32_t rune = TakeRune(text, bytes);
    if (rune == '\n' || rune == '\t' || rune == '\r') {
      result.push_back(' ');
    } else if (IsControl(rune) || rune == kReplacement || Contains(kSteering, rune)) {
      absl::StrAppend(&result, kReplacementText);
    } else {
      absl::StrAppend(&result, bytes);
    }
  }
  return result;
}

bool IsUtf8(absl::string_view text) {
  absl::string_view bytes;
  while (!text.empty()) {
    // U+FFFD itself has three bytes.
    if (TakeRune(text, bytes) == kReplacement && bytes.size() == 1) return false;
  }
  return true;
}

std::string Truncate(absl::string_view text, int width, const ChartStyle& style) {
  if (DisplayWidth(text) <= width) return std::string(text);
  const absl::string_view ellipsis = style.unicode ? "…" : "~";
  std::string result;
  absl::string_view rest = text;
  absl::string_view bytes;
  int used = 1;
  while (!rest.empty()) {
    const int rune_width = RuneWidth(TakeRune(rest, bytes));
    if (used + rune_width > width) break;
    used += rune_width;
    absl::StrAppend(&result, bytes);
  }
  if (width > 0) absl::StrAppend(&result, ellipsis);
  return result;
}

std::string PadRight(absl::string_view text, int width) {
  return absl::StrCat(text, std::string(std::max(0, width - DisplayWidth(text)), ' '));
}

std::string PadLeft(absl::string_view text, int width) {
  return absl::StrCat(std::string(std::max(0, width - DisplayWidth(text)), ' '), text);
}

}  // namespace canvass::charts
