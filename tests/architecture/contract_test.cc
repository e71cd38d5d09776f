// Holds the contract against its own rules: everything that a caller can see is explained.

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace canvass::architecture {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FileDescriptor;

// The descriptors with the comments of the .proto files, which the linked-in ones lack.
class ContractTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* path = std::getenv("CANVASS_PROTOSET");
    ASSERT_NE(path, nullptr) << "CANVASS_PROTOSET must name build/<preset>/gen/canvass.protoset";
    std::ifstream stream(path, std::ios::binary);
    ASSERT_TRUE(files_.ParseFromIstream(&stream)) << path;
    for (const auto& file : files_.file()) {
      const FileDescriptor* built = pool_.BuildFile(file);
      ASSERT_NE(built, nullptr) << file.name();
      if (absl::StartsWith(file.name(), "canvass/")) contract_.push_back(built);
    }
    ASSERT_GE(contract_.size(), 20u);
  }

  template <typename Element>
  void ExpectComment(const Element* element) {
    google::protobuf::SourceLocation location;
    const bool found = element->GetSourceLocation(&location);
    const std::string text(absl::StripAsciiWhitespace(location.leading_comments));
    EXPECT_TRUE(found && text.size() > 3) << element->full_name() << " has no comment";
    EXPECT_TRUE(text.empty() || absl::EndsWith(text, ".") || absl::EndsWith(text, "-") || absl::EndsWith(text, "`"))
        << element->full_name() << ": the comment does not end";
  }

  void CheckEnum(const EnumDescriptor* type) {
    ExpectComment(type);
    for (int i = 0; i < type->value_count(); ++i) ExpectComment(type->value(i));
  }

  void CheckMessage(const Descriptor* message) {
    if (message->options().map_entry()) return;
    ExpectComment(message);
    for (int i = 0; i < message->field_count(); ++i) ExpectComment(message->field(i));
    for (int i = 0; i < message->enum_type_count(); ++i) CheckEnum(message->enum_type(i));
    for (int i = 0; i < message->nested_type_count(); ++i) CheckMessage(message->nested_type(i));
  }

  google::protobuf::FileDescriptorSet files_;
  google::protobuf::DescriptorPool pool_;
  std::vector<const FileDescriptor*> contract_;
};

TEST_F(ContractTest, EverythingIsExplained) {
  for (const FileDescriptor* file : contract_) {
    for (int i = 0; i < file->message_type_count(); ++i) CheckMessage(file->message_type(i));
    for (int i = 0; i < file->enum_type_count(); ++i) CheckEnum(file->enum_type(i));
    for (int i = 0; i < file->service_count(); ++i) {
      ExpectComment(file->service(i));
      for (int j = 0; j < file->service(i)->method_count(); ++j) ExpectComment(file->service(i)->method(j));
    }
  }
}

// Streams live as long as both sides like; whatever the clients' configuration does not name ends by its default.
TEST_F(ContractTest, ClientsEndNoStreamByTheClock) {
  std::ifstream stream("proto/canvass/v1/service_config.json");
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  google::protobuf::Struct config;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text, &config).ok()) << text;
  std::set<std::string> endless;
  for (const auto& entry : config.fields().at("methodConfig").list_value().values()) {
    const auto& fields = entry.struct_value().fields();
    if (fields.contains("timeout")) continue;
    for (const auto& name : fields.at("name").list_value().values()) {
      const auto& parts = name.struct_value().fields();
      endless.insert(parts.at("service").string_value() + "." + parts.at("method").string_value());
    }
  }
  for (const FileDescriptor* file : contract_) {
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        const auto* method = file->service(i)->method(j);
        const bool streams = method->client_streaming() || method->server_streaming();
        EXPECT_EQ(endless.contains(method->full_name()), streams) << method->full_name();
      }
    }
  }
}

TEST_F(ContractTest, OneServiceAFile) {
  for (const FileDescriptor* file : contract_) {
    const bool named_service = absl::EndsWith(file->name(), "_service.proto");
    EXPECT_EQ(file->service_count(), named_service ? 1 : 0) << file->name();
  }
}

TEST_F(ContractTest, ListsAreBounded) {
  for (const FileDescriptor* file : contract_) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      const Descriptor* message = file->message_type(i);
      if (message->FindFieldByName("page_token") == nullptr) continue;
      EXPECT_NE(message->FindFieldByName("page_size"), nullptr) << message->full_name();
    }
  }
}

}  // namespace
}  // namespace canvass::architecture
