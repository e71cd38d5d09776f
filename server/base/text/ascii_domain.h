// Domain names of any script in the ASCII form that mail and DNS carry: `bücher.example` is `xn--bcher-kva.example`.
#ifndef CANVASS_SERVER_BASE_TEXT_ASCII_DOMAIN_H_
#define CANVASS_SERVER_BASE_TEXT_ASCII_DOMAIN_H_

#include <string>

#include "absl/strings/string_view.h"

namespace canvass {

// `domain` with every label that is not ASCII in Punycode (RFC 3492). Labels are taken as they are: people write them
// in the lower case and composed characters in which they are registered. What is not UTF-8 comes back unchanged.
std::string AsciiDomain(absl::string_view domain);

}  // namespace canvass

#endif  // CANVASS_SERVER_BASE_TEXT_ASCII_DOMAIN_H_
