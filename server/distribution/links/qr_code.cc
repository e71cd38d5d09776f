#include "server/distribution/links/qr_code.h"

#include <qrencode.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"

namespace canvass::distribution {
namespace {

// Modules of white on each side.
constexpr int kQuietZone = 4;

struct FreeCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

// The dark modules as one path, a stroke for each run in a row.
std::string PathOf(const QRcode& code) {
  std::string path;
  for (int y = 0; y < code.width; ++y) {
    for (int x = 0; x < code.width; ++x) {
      const auto dark = [&](int at) { return at < code.width && (code.data[y * code.width + at] & 1) != 0; };
      if (!dark(x)) continue;
      const int start = x;
      while (dark(x)) ++x;
      absl::StrAppend(&path, "M", start + kQuietZone, " ", y + kQuietZone, "h", x - start, "v1h-", x - start, "z");
    }
  }
  return path;
}

}  // namespace

absl::StatusOr<std::string> QrCodeSvg(absl::string_view text) {
  const std::unique_ptr<QRcode, FreeCode> code(
      QRcode_encodeString8bit(std::string(text).c_str(), /*version=*/0, QR_ECLEVEL_M));
  if (code == nullptr) {
    return FieldError(v1::ERROR_REASON_INVALID_FIELD, "url",
                      absl::StrCat("has ", text.size(), " bytes, too many for a QR code"));
  }
  const int size = code->width + 2 * kQuietZone;
  return absl::StrCat("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ", size, " ", size,
                      "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h", size, "v", size, "H0z\"/>",
                      "<path d=\"", PathOf(*code), "\"/></svg>\n");
}

}  // namespace canvass::distribution
