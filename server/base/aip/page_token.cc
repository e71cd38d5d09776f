#include "server/base/aip/page_token.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/digest.h"
#include "server/base/error.h"

namespace canvass {
namespace {

// Enough to tell lists apart; nothing depends on it being hard to find another list of the same mark.
constexpr std::size_t kMarkBytes = 6;

// The mark covers the position as well, so that a token cut short or altered by accident is noticed.
std::string Mark(absl::string_view method_and_filter, absl::string_view position) {
  return Digest16(absl::StrCat(method_and_filter.size(), ":", method_and_filter, position)).substr(0, kMarkBytes);
}

}  // namespace

std::string EncodePageToken(absl::string_view method_and_filter, absl::string_view position) {
  return absl::WebSafeBase64Escape(absl::StrCat(Mark(method_and_filter, position), position));
}

absl::StatusOr<std::string> DecodePageToken(absl::string_view method_and_filter, absl::string_view token) {
  if (token.empty()) return std::string();
  std::string bytes;
  if (absl::WebSafeBase64Unescape(token, &bytes) && bytes.size() >= kMarkBytes) {
    std::string position = bytes.substr(kMarkBytes);
    // Compared as a whole, since Base64 has several texts for the same bytes.
    if (EncodePageToken(method_and_filter, position) == token) return position;
  }
  return InvalidPageToken();
}

absl::Status InvalidPageToken() {
  return FieldError(v1::ERROR_REASON_INVALID_PAGE_TOKEN, "page_token",
                    "was not returned by the same list call; pass next_page_token of the page before with the same "
                    "parent and filter, or nothing for the first page");
}

absl::StatusOr<int> PageSize(int page_size, int default_size, int max_size) {
  if (page_size < 0) {
    return FieldError(v1::ERROR_REASON_INVALID_FIELD, "page_size",
                      absl::StrCat(page_size, " is negative; at most ", max_size, ", 0 for ", default_size));
  }
  return page_size == 0 ? default_size : std::min(page_size, max_size);
}

}  // namespace canvass
