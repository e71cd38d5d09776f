// The handlers of SuppressionService, on a real database.

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/contacts/suppressions/create_suppression.h"
#include "server/contacts/suppressions/list_suppressions.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::contacts {
namespace {

using testing::SizeIs;

class SuppressionHandlersTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Suppression> Create(const std::string& text) {
    v1::CreateSuppressionRequest request;
    request.set_parent("tenants/acme");
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, request.mutable_suppression())) << text;
    return CreateSuppression(store_, db_.clock(), scope_, request);
  }
  absl::StatusOr<v1::ListSuppressionsResponse> List(const std::string& text) {
    v1::ListSuppressionsRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    request.set_parent("tenants/acme");
    return ListSuppressions(store_, scope_, request);
  }

  mysql::testing::TestDatabase db_;
  SuppressionStore store_{db_.database()};
  TenantScope scope_ = mysql::testing::MakeScope("acme");
};

TEST_F(SuppressionHandlersTest, IsIdempotent) {
  const auto first = Create("address: 'Jan@EXAMPLE.com' reason: REASON_MANUAL note: 'asked by phone'");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->address(), "Jan@example.com");
  db_.clock().Advance(absl::Hours(1));
  EXPECT_EQ(Create("address: 'jan@example.com' reason: REASON_BOUNCED")->SerializeAsString(),
            first->SerializeAsString());
  v1::DeleteSuppressionRequest request;
  request.set_name(first->name());
  EXPECT_TRUE(DeleteSuppression(store_, scope_, request).ok());
  EXPECT_EQ(ReasonOf(DeleteSuppression(store_, scope_, request).status()), v1::ERROR_REASON_SUPPRESSION_NOT_FOUND);
}

TEST_F(SuppressionHandlersTest, SaysAllThatIsWrong) {
  const struct {
    std::string text;
    std::string field;
  } cases[] = {
      {"reason: REASON_MANUAL", "suppression"},
      {"address: 'jan@example.com'", "suppression.reason"},
      {"address: 'jan' reason: REASON_MANUAL", "suppression.address"},
      {"address: '+420 601' reason: REASON_MANUAL", "suppression.address"},
      {"address: 'jan@example.com' channel: CHANNEL_EMAIL reason: REASON_MANUAL", "suppression.channel"},
      {absl::StrCat("address: 'jan@example.com' reason: REASON_MANUAL note: '", std::string(501, 'x'), "'"),
       "suppression.note"},
  };
  for (const auto& c : cases) {
    const absl::Status status = Create(c.text).status();
    EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_INVALID_SUPPRESSION) << c.text;
    ASSERT_THAT(ViolationsOf(status), SizeIs(1)) << c.text;
    EXPECT_EQ(ViolationsOf(status)[0].field, c.field) << c.text;
  }
  EXPECT_EQ(Create("contact: 'tenants/globex/contacts/1' reason: REASON_MANUAL").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM suppressions"), 0);
}

TEST_F(SuppressionHandlersTest, ListsAndFilters) {
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(Create(absl::StrCat("address: 'p", i, "@example.com' reason: REASON_BOUNCED")).ok());
  }
  ASSERT_TRUE(Create("contact: 'tenants/acme/contacts/1' channel: CHANNEL_SMS reason: REASON_UNSUBSCRIBED").ok());
  std::size_t found = 0;
  std::string token;
  do {
    const auto page = List(absl::StrCat("page_size: 4 page_token: '", token, "'"));
    ASSERT_TRUE(page.ok()) << page.status();
    found += static_cast<std::size_t>(page->suppressions_size());
    token = page->next_page_token();
  } while (!token.empty());
  EXPECT_EQ(found, 6u);
  EXPECT_THAT(List("address: 'P3@Example.com'")->suppressions(), SizeIs(1));
  EXPECT_THAT(List("contact: 'tenants/acme/contacts/1'")->suppressions(), SizeIs(1));
  EXPECT_THAT(List("contact: 'tenants/acme/contacts/2'")->suppressions(), SizeIs(0));
  EXPECT_EQ(ReasonOf(List("address: 'a@example.com' contact: 'tenants/acme/contacts/1'").status()),
            v1::ERROR_REASON_INVALID_FIELD);
  token = List("page_size: 4")->next_page_token();
  EXPECT_EQ(ReasonOf(List(absl::StrCat("address: 'p1@example.com' page_token: '", token, "'")).status()),
            v1::ERROR_REASON_INVALID_PAGE_TOKEN);
}

}  // namespace
}  // namespace canvass::contacts
