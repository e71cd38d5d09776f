// Delivery status notifications in the shapes of real mail servers, about a mail of Message-ID `<id@acme.example>` to
// `recipient`. Lines end in CRLF. Pure.
#ifndef CANVASS_SERVER_DISTRIBUTION_TESTING_BOUNCES_H_
#define CANVASS_SERVER_DISTRIBUTION_TESTING_BOUNCES_H_

#include <string>

#include "absl/strings/string_view.h"

namespace canvass::distribution::testing {

struct BounceSample {
  std::string id;
  std::string recipient = "ada@example.com";
  std::string action = "failed";
  std::string status = "5.1.1";
  std::string diagnostic = "550 5.1.1 <ada@example.com>: Recipient address rejected: User unknown";
};

// The mail whole, behind two groups of fields.
std::string PostfixBounce(const BounceSample& sample);
// Only the headers of the mail; every status is 5.0.0.
std::string EximBounce(const BounceSample& sample);
// In base64, without anything of the mail: In-Reply-To alone.
std::string ExchangeBounce(const BounceSample& sample);

}  // namespace canvass::distribution::testing

#endif  // CANVASS_SERVER_DISTRIBUTION_TESTING_BOUNCES_H_
