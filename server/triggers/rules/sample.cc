#include "server/triggers/rules/sample.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/base/digest.h"

namespace canvass::triggers {

double SamplePoint(const TenantId& tenant, const TriggerId& trigger, const ContactId& contact) {
  // No id holds a line break, so no two customers of two triggers give the same text.
  const std::string digest = Digest16(absl::StrCat(tenant.value(), "\n", trigger.value(), "\n", contact.value()));
  uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = bits << 8 | static_cast<unsigned char>(digest[i]);
  // The 53 bits that a double holds exactly.
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

}  // namespace canvass::triggers
