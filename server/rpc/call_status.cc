#include "server/rpc/call_status.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"

namespace canvass::rpc {
namespace {

// Together they stay below the 8 KiB of trailers that clients take by default, with the message percent-encoded and the
// details in base64.
constexpr std::size_t kMaxMessage = 512;
constexpr std::size_t kMaxDetails = 4096;
constexpr absl::string_view kPublicDetails = "type.googleapis.com/google.rpc.";

// At most `size` bytes of `text`, not ending within a character.
absl::string_view Cut(absl::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

// The reason for a status that came without one. Codes that no handler gives on purpose are faults.
v1::ErrorReason ReasonFor(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
      return v1::ERROR_REASON_INVALID_FIELD;
    case absl::StatusCode::kNotFound:
      return v1::ERROR_REASON_RESOURCE_NOT_FOUND;
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
      return v1::ERROR_REASON_DEADLINE_EXCEEDED;
    default:
      return v1::ERROR_REASON_INTERNAL;
  }
}

// Takes violations away from the end until `status` fits.
void Shorten(google::rpc::Status& status) {
  for (google::protobuf::Any& detail : *status.mutable_details()) {
    google::rpc::BadRequest bad;
    if (!detail.Is<google::rpc::BadRequest>() || !detail.UnpackTo(&bad)) continue;
    while (status.ByteSizeLong() > kMaxDetails && bad.field_violations_size() > 1) {
      bad.mutable_field_violations()->RemoveLast();
      detail.PackFrom(bad);
    }
    if (status.ByteSizeLong() > kMaxDetails && bad.field_violations_size() == 1) {
      google::rpc::BadRequest::FieldViolation& only = *bad.mutable_field_violations(0);
      only.set_field(std::string(Cut(only.field(), kMaxMessage)));
      only.set_description(std::string(Cut(only.description(), kMaxMessage)));
      detail.PackFrom(bad);
    }
  }
}

}  // namespace

bool IsFault(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return false;
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return true;
    default:
      return ReasonOf(status) == v1::ERROR_REASON_UNSPECIFIED && ReasonFor(status.code()) == v1::ERROR_REASON_INTERNAL;
  }
}

absl::Status MaskFault(const absl::Status& status, absl::string_view request_id) {
  if (IsFault(status)) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                 absl::StrCat("the server failed at this; when you report it, quote request ", request_id));
  }
  if (status.ok() || ReasonOf(status) != v1::ERROR_REASON_UNSPECIFIED) return status;
  return Error(status.code(), ReasonFor(status.code()), status.message());
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status proto;
  proto.set_code(static_cast<int>(status.code()));
  proto.set_message(std::string(Cut(status.message(), kMaxMessage)));
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    // Other payloads are notes between rooms.
    if (!absl::StartsWith(url, kPublicDetails)) return;
    google::protobuf::Any& detail = *proto.add_details();
    detail.set_type_url(std::string(url));
    detail.set_value(std::string(payload));
  });
  if (proto.ByteSizeLong() > kMaxDetails) Shorten(proto);
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), proto.message(), proto.SerializeAsString());
}

}  // namespace canvass::rpc
