// How a tenant's pages look: name, logo, colours, and the content security policy that goes with them.
//
//   const BrandLook look = LookOf(settings.brand(), tenant.display_name);
//   const std::string style = StyleOf(look);
//   … Content-Security-Policy: ContentPolicy(look, style) …
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_HTTP_PAGES_BRAND_LOOK_H_
#define CANVASS_SERVER_HTTP_PAGES_BRAND_LOOK_H_

#include <string>

#include "absl/strings/string_view.h"
#include "canvass/v1/settings.pb.h"

namespace canvass::http {

struct BrandLook {
  std::string name;
  // Empty: none.
  std::string logo_url;
  std::string privacy_url;
  // `#rrggbb`: of buttons, of the text on them, and of links and marks on white.
  std::string color;
  std::string on_color;
  std::string link_color;
};

// Settings are checked when they are written; what is not usable all the same is left out.
BrandLook LookOf(const v1::Brand& brand, absl::string_view tenant_name);

// The ratio of contrast between two colours `#rrggbb`, 1 to 21, as WCAG 2.2 defines it.
double Contrast(absl::string_view a, absl::string_view b);

// The style sheet of a page.
std::string StyleOf(const BrandLook& look);

// Nothing is loaded but the logo, no script runs, forms go back to this server alone, and no frame shows the page.
std::string ContentPolicy(const BrandLook& look, absl::string_view style);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_PAGES_BRAND_LOOK_H_
