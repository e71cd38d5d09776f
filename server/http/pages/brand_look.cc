#include "server/http/pages/brand_look.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/digest.h"
#include "server/http/pages/templates.h"

namespace canvass::http {
namespace {

constexpr char kDefaultColor[] = "#1f5fbf";
constexpr char kWhite[] = "#ffffff";
constexpr char kInk[] = "#1a1a1a";
// What WCAG 2.2 asks of text (1.4.3).
constexpr double kReadable = 4.5;
constexpr absl::string_view kHttps = "https://";

bool IsColor(absl::string_view text) {
  return text.size() == 7 && text[0] == '#' &&
         std::all_of(text.begin() + 1, text.end(), [](unsigned char c) { return absl::ascii_isxdigit(c); });
}

// The relative luminance, 0 to 1, of a colour.
double Luminance(absl::string_view color) {
  constexpr std::array<double, 3> kWeights = {0.2126, 0.7152, 0.0722};
  double luminance = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) {
    const auto byte = static_cast<unsigned char>(absl::HexStringToBytes(color.substr(1 + 2 * i, 2))[0]);
    const double part = byte / 255.0;
    luminance += kWeights[i] * (part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4));
  }
  return luminance;
}

// `https://host:port` of an address, empty if its host holds anything but letters, digits, dots, hyphens and a port: in
// the policy a blank or a semicolon would end the list.
std::string OriginOf(absl::string_view url) {
  if (!absl::StartsWith(url, kHttps)) return "";
  const absl::string_view rest = url.substr(kHttps.size());
  const absl::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  const bool plain = !host.empty() && std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '.' || c == '-' || c == ':';
  });
  return plain ? absl::StrCat(kHttps, host) : "";
}

}  // namespace

double Contrast(absl::string_view a, absl::string_view b) {
  const auto [low, high] = std::minmax({Luminance(a), Luminance(b)});
  return (high + 0.05) / (low + 0.05);
}

BrandLook LookOf(const v1::Brand& brand, absl::string_view tenant_name) {
  BrandLook look;
  look.name = brand.display_name().empty() ? std::string(tenant_name) : brand.display_name();
  if (!OriginOf(brand.logo_url()).empty()) look.logo_url = brand.logo_url();
  if (absl::StartsWith(brand.privacy_url(), kHttps)) look.privacy_url = brand.privacy_url();
  look.color = IsColor(brand.color()) ? brand.color() : kDefaultColor;
  look.on_color = Contrast(look.color, kWhite) >= Contrast(look.color, "#000000") ? kWhite : "#000000";
  look.link_color = Contrast(look.color, kWhite) >= kReadable ? look.color : kInk;
  return look;
}

std::string StyleOf(const BrandLook& look) {
  kainjow::mustache::data data;
  data.set("color", look.color);
  data.set("on_color", look.on_color);
  data.set("link_color", look.link_color);
  return FillTemplate("stylesheet", std::move(data));
}

std::string ContentPolicy(const BrandLook& look, absl::string_view style) {
  std::string policy = absl::StrCat("default-src 'none'; style-src 'sha256-", absl::Base64Escape(Sha256(style)),
                                    "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
  if (!look.logo_url.empty()) absl::StrAppend(&policy, "; img-src ", OriginOf(look.logo_url));
  return policy;
}

}  // namespace canvass::http
