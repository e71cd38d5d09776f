#include "server/base/text/ascii_domain.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "server/base/text/characters.h"

namespace canvass {
namespace {

// Longer than any domain; also keeps the encoder's numbers within 32 bits.
constexpr std::size_t kMaxDomain = 255;

// The parameters of RFC 3492, section 5.
constexpr uint32_t kBase = 36;
constexpr uint32_t kMinThreshold = 1;
constexpr uint32_t kMaxThreshold = 26;
constexpr uint32_t kSkew = 38;
constexpr uint32_t kDamp = 700;
constexpr uint32_t kInitialBias = 72;
constexpr uint32_t kFirstBeyondAscii = 128;

// The code points of UTF-8 text.
std::vector<uint32_t> CodePoints(absl::string_view text) {
  std::vector<uint32_t> points;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      points.push_back(byte);
    } else if (byte < 0xC0) {
      points.back() = (points.back() << 6) | (byte & 0x3F);
    } else {
      points.push_back(byte & (byte < 0xE0 ? 0x1F : byte < 0xF0 ? 0x0F : 0x07));
    }
  }
  return points;
}

char Digit(uint32_t value) { return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26)); }

uint32_t Adapt(uint32_t delta, uint32_t count, bool is_first) {
  delta = is_first ? delta / kDamp : delta / 2;
  delta += delta / count;
  uint32_t k = 0;
  for (; delta > ((kBase - kMinThreshold) * kMaxThreshold) / 2; k += kBase) delta /= kBase - kMinThreshold;
  return k + (kBase - kMinThreshold + 1) * delta / (delta + kSkew);
}

// A number in digits whose range shrinks with `bias`.
void AppendNumber(uint32_t number, uint32_t bias, std::string& text) {
  for (uint32_t k = kBase;; k += kBase) {
    const uint32_t threshold = k <= bias ? kMinThreshold : std::min(k - bias, kMaxThreshold);
    if (number < threshold) break;
    text.push_back(Digit(threshold + (number - threshold) % (kBase - threshold)));
    number = (number - threshold) / (kBase - threshold);
  }
  text.push_back(Digit(number));
}

std::string Punycode(const std::vector<uint32_t>& points) {
  std::string text;
  for (uint32_t point : points) {
    if (point < kFirstBeyondAscii) text.push_back(static_cast<char>(point));
  }
  const std::size_t basic = text.size();
  if (basic > 0) text.push_back('-');
  uint32_t next = kFirstBeyondAscii;
  uint32_t delta = 0;
  uint32_t bias = kInitialBias;
  for (std::size_t done = basic; done < points.size(); ++delta, ++next) {
    uint32_t least = UINT32_MAX;
    for (uint32_t point : points) {
      if (point >= next) least = std::min(least, point);
    }
    delta += (least - next) * static_cast<uint32_t>(done + 1);
    next = least;
    for (uint32_t point : points) {
      if (point < next) ++delta;
      if (point != next) continue;
      AppendNumber(delta, bias, text);
      bias = Adapt(delta, static_cast<uint32_t>(done + 1), done == basic);
      delta = 0;
      ++done;
    }
  }
  return text;
}

}  // namespace

std::string AsciiDomain(absl::string_view domain) {
  if (domain.size() > kMaxDomain || !IsUtf8(domain)) return std::string(domain);
  std::vector<std::string> labels = absl::StrSplit(domain, '.');
  for (std::string& label : labels) {
    const std::vector<uint32_t> points = CodePoints(label);
    const bool is_ascii = points.size() == label.size();
    if (!is_ascii) label = absl::StrCat("xn--", Punycode(points));
  }
  return absl::StrJoin(labels, ".");
}

}  // namespace canvass
