#include "server/rpc/call_status.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/text/characters.h"

namespace canvass::rpc {
namespace {

google::rpc::Status DetailsOf(const grpc::Status& status) {
  google::rpc::Status proto;
  EXPECT_TRUE(proto.ParseFromString(status.error_details()));
  return proto;
}

TEST(MaskFaultTest, HidesFaults) {
  for (const absl::Status& fault :
       {absl::InternalError("driver says: table 'x'"), absl::UnknownError("secret"), absl::DataLossError("secret"),
        absl::FailedPreconditionError("no reason"), absl::PermissionDeniedError("no reason"),
        Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, "secret")}) {
    EXPECT_TRUE(IsFault(fault)) << fault;
    const absl::Status shown = MaskFault(fault, "r42");
    EXPECT_EQ(shown.code(), absl::StatusCode::kInternal);
    EXPECT_EQ(ReasonOf(shown), v1::ERROR_REASON_INTERNAL);
    EXPECT_NE(shown.message().find("r42"), absl::string_view::npos);
    EXPECT_EQ(shown.message().find("secret"), absl::string_view::npos);
  }
}

TEST(MaskFaultTest, LetsErrorsForCallersPass) {
  const absl::Status status = Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_SURVEY_NOT_FOUND, "no such survey");
  EXPECT_FALSE(IsFault(status));
  EXPECT_EQ(MaskFault(status, "r42"), status);
  EXPECT_TRUE(MaskFault(absl::OkStatus(), "r42").ok());
}

TEST(MaskFaultTest, EveryErrorGetsAReason) {
  EXPECT_EQ(ReasonOf(MaskFault(absl::InvalidArgumentError("bad"), "r")), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(ReasonOf(MaskFault(absl::NotFoundError("none"), "r")), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  EXPECT_EQ(MaskFault(absl::NotFoundError("none"), "r").message(), "none");
}

TEST(ToGrpcStatusTest, CarriesTheDetails) {
  const grpc::Status status = ToGrpcStatus(
      RetryLater(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_OVERLOADED, "later", absl::Seconds(2)));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(status.error_message(), "later");
  const google::rpc::Status proto = DetailsOf(status);
  EXPECT_EQ(proto.code(), 8);
  EXPECT_EQ(proto.message(), "later");
  bool retry = false, info = false;
  for (const auto& detail : proto.details()) {
    google::rpc::RetryInfo retry_info;
    google::rpc::ErrorInfo error_info;
    if (detail.UnpackTo(&retry_info)) retry = retry_info.retry_delay().seconds() == 2;
    if (detail.UnpackTo(&error_info)) info = error_info.reason() == "OVERLOADED" && error_info.domain() == "canvass";
  }
  EXPECT_TRUE(retry);
  EXPECT_TRUE(info);
}

TEST(ToGrpcStatusTest, FitsIntoTrailers) {
  Violations violations;
  for (int i = 0; i < 100; ++i) violations.Add(absl::StrCat("answers[", i, "].text"), std::string(200, 'y'));
  const grpc::Status status = ToGrpcStatus(violations.ToStatus(v1::ERROR_REASON_INVALID_RESPONSE));
  EXPECT_LE(status.error_details().size(), 4096u);
  EXPECT_LE(status.error_message().size(), 512u);
  int reported = 0;
  bool info = false;
  const google::rpc::Status proto = DetailsOf(status);
  for (const auto& detail : proto.details()) {
    google::rpc::BadRequest bad;
    if (detail.UnpackTo(&bad)) reported = bad.field_violations_size();
    info = info || detail.Is<google::rpc::ErrorInfo>();
  }
  EXPECT_GE(reported, 10) << "as many as fit";
  EXPECT_TRUE(info);
}

TEST(ToGrpcStatusTest, CutsOneHugeViolation) {
  const grpc::Status status =
      ToGrpcStatus(FieldError(v1::ERROR_REASON_INVALID_FIELD, std::string(5000, 'f'), std::string(5000, 'd')));
  EXPECT_LE(status.error_details().size(), 4096u);
}

TEST(ToGrpcStatusTest, CutsBetweenCharacters) {
  std::string message;
  for (int i = 0; i < 300; ++i) message += "\xe2\x82\xac";
  const grpc::Status status =
      ToGrpcStatus(Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_SURVEY_NOT_FOUND, message));
  EXPECT_TRUE(IsUtf8(status.error_message()));
  EXPECT_GT(status.error_message().size(), 500u);
}

TEST(ToGrpcStatusTest, OkIsOk) { EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok()); }

}  // namespace
}  // namespace canvass::rpc
