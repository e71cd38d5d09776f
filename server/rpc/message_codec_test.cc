#include "server/rpc/message_codec.h"

#include <grpcpp/support/slice.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "canvass/v1/condition.pb.h"
#include "canvass/v1/response_service.pb.h"
#include "server/base/error.h"

namespace canvass::rpc {
namespace {

grpc::ByteBuffer BufferOf(const std::vector<std::string>& pieces) {
  std::vector<grpc::Slice> slices;
  for (const std::string& piece : pieces) slices.emplace_back(piece);
  return grpc::ByteBuffer(slices.data(), slices.size());
}

v1::SubmitResponseRequest Sample(std::size_t text_size) {
  v1::SubmitResponseRequest request;
  request.set_parent("tenants/acme");
  request.mutable_response()->add_answers()->set_text(std::string(text_size, 'x'));
  return request;
}

TEST(MessageCodecTest, ReadsWhatItWrote) {
  for (std::size_t size : {0u, 1u, 10u, 100u, 10'000u, 3'000'000u}) {
    const v1::SubmitResponseRequest request = Sample(size);
    grpc::ByteBuffer bytes;
    ASSERT_TRUE(EncodeMessage(request, bytes).ok());
    EXPECT_EQ(bytes.Length(), request.ByteSizeLong());
    v1::SubmitResponseRequest read;
    ASSERT_TRUE(DecodeMessage(bytes, read).ok()) << size;
    EXPECT_EQ(read.SerializeAsString(), request.SerializeAsString());
  }
}

TEST(MessageCodecTest, TakesMessagesInPieces) {
  const v1::SubmitResponseRequest request = Sample(1000);
  const std::string bytes = request.SerializeAsString();
  v1::SubmitResponseRequest read;
  ASSERT_TRUE(DecodeMessage(BufferOf({bytes.substr(0, 3), bytes.substr(3, 500), bytes.substr(503)}), read).ok());
  EXPECT_EQ(read.SerializeAsString(), bytes);
}

TEST(MessageCodecTest, TakesAnEmptyMessage) {
  v1::SubmitResponseRequest read = Sample(10);
  EXPECT_TRUE(DecodeMessage(grpc::ByteBuffer(), read).ok());
  EXPECT_TRUE(DecodeMessage(BufferOf({""}), read).ok());
  EXPECT_FALSE(read.has_response());
}

TEST(MessageCodecTest, SaysThatAMessageIsNestedTooDeep) {
  v1::Condition deep;
  v1::Condition* condition = &deep;
  for (int i = 0; i < 500; ++i) condition = condition->mutable_not_();
  v1::Condition read;
  const absl::Status status = DecodeMessage(BufferOf({deep.SerializeAsString()}), read);
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_MALFORMED_MESSAGE);
  EXPECT_NE(status.message().find("nested more than 100 deep"), absl::string_view::npos) << status;
}

TEST(MessageCodecTest, RefusesWhatIsTooLarge) {
  v1::SubmitResponseRequest read;
  const std::string most(kMaxMessageBytes, '\0');
  EXPECT_EQ(ReasonOf(DecodeMessage(BufferOf({most}), read)), v1::ERROR_REASON_MALFORMED_MESSAGE);
  const absl::Status status = DecodeMessage(BufferOf({most, "x"}), read);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_MESSAGE_TOO_LARGE);
}

TEST(MessageCodecTest, SaysWhichTextIsNotUtf8) {
  std::string bytes = Sample(4).SerializeAsString();
  bytes.replace(bytes.find("xxxx"), 4, "caf\xe9");
  v1::SubmitResponseRequest read;
  const absl::Status status = DecodeMessage(BufferOf({bytes.substr(0, 9), bytes.substr(9)}), read);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_MALFORMED_MESSAGE);
  ASSERT_EQ(ViolationsOf(status).size(), 1u);
  EXPECT_EQ(ViolationsOf(status)[0].field, "response.answers[0].text");
}

TEST(MessageCodecTest, RefusesRubbish) {
  v1::SubmitResponseRequest read;
  for (const char* bad : {"\x0a", "\x0a\x7f", "\xff\xff\xff\xff\xff\xff", "\x0b"}) {
    EXPECT_EQ(ReasonOf(DecodeMessage(BufferOf({bad}), read)), v1::ERROR_REASON_MALFORMED_MESSAGE);
  }
}

}  // namespace
}  // namespace canvass::rpc
