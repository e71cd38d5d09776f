#include "server/http/intake/request_body.h"

#include <httplib.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"

namespace canvass::http {
namespace {

// What is read beyond the limit and thrown away, so that a caller who sends somewhat too much reads our answer instead
// of a broken connection.
constexpr std::size_t kMaxDrainedBytes = 8 * kMaxBodyBytes;

absl::Status TooLarge() {
  return Error(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_MESSAGE_TOO_LARGE,
               absl::StrCat("the body has more than ", kMaxBodyBytes, " bytes; send less at once"));
}

}  // namespace

absl::StatusOr<std::string> ReadBody(const httplib::ContentReader& reader, const httplib::Response& response) {
  std::string body;
  std::size_t size = 0;
  const bool complete = reader([&](const char* data, std::size_t length) {
    size += length;
    if (size <= kMaxBodyBytes) body.append(data, length);
    return size <= kMaxDrainedBytes;
  });
  // The library, too, refuses a body that says beforehand how large it is.
  if (size > kMaxBodyBytes || response.status == 413) return TooLarge();
  if (complete) return body;
  return Error(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_MALFORMED_MESSAGE,
               "the body broke off, or is not packed as its Content-Encoding says");
}

void AnswerAndClose(httplib::Response& response) {
  const std::string type = response.get_header_value("Content-Type");
  std::string text = std::exchange(response.body, "");
  response.headers.erase("Content-Type");
  response.set_header("Connection", "close");
  const std::size_t size = text.size();
  // The library closes a connection for a provider that fails; this one does so when everything is sent.
  response.set_content_provider(size, type,
                                [text = std::move(text)](std::size_t, std::size_t, httplib::DataSink& sink) {
                                  sink.write(text.data(), text.size());
                                  return false;
                                });
}

}  // namespace canvass::http
