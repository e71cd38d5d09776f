// An address as a QR code (ISO/IEC 18004): an SVG that prints sharply at any size.
//
//   const std::string svg = QrCodeSvg("https://feedback.example.com/s/cvl_…");
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_DISTRIBUTION_LINKS_QR_CODE_H_
#define CANVASS_SERVER_DISTRIBUTION_LINKS_QR_CODE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace canvass::distribution {

// Medium error correction, with the quiet zone that the standard asks for. InvalidArgument (INVALID_FIELD) if `text` is
// longer than a code can hold.
absl::StatusOr<std::string> QrCodeSvg(absl::string_view text);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_LINKS_QR_CODE_H_
