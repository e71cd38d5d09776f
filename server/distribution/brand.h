// How a tenant looks to its customers, in messages and on pages: what it did not set has its default.
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_DISTRIBUTION_BRAND_H_
#define CANVASS_SERVER_DISTRIBUTION_BRAND_H_

#include <string>

#include "absl/strings/string_view.h"
#include "canvass/v1/settings.pb.h"

namespace canvass::distribution {

// `brand` with the tenant's display name and the default color where it has none.
v1::Brand CompleteBrand(const v1::Brand& brand, absl::string_view tenant_name);

// Black or white (`#000000`, `#ffffff`), whichever has the higher contrast on `color`, a `#RRGGBB`, by WCAG 2.
std::string TextColorOn(absl::string_view color);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_BRAND_H_
