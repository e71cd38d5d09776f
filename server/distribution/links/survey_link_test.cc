#include "server/distribution/links/survey_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/distribution/links/create_survey_link.h"
#include "server/distribution/links/delete_survey_link.h"
#include "server/distribution/links/get_survey_link.h"
#include "server/distribution/links/qr_code.h"
#include "server/mysql/testing/test_database.h"
#include "server/surveys/survey_store.h"

namespace canvass::distribution {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kSecret[] = "a secret of tests alone, 32 bytes";

class SurveyLinkTest : public ::testing::Test {
 protected:
  SurveyLinkTest() {
    v1::Survey survey;
    survey.set_display_name("Shop");
    survey.mutable_definition()->set_default_language("en");
    EXPECT_TRUE(surveys_.Create(scope_, SurveyId("shop"), survey, db_.clock().Now()).ok());
  }

  v1::SurveyLink Content() const {
    v1::SurveyLink link;
    link.set_survey("tenants/-/surveys/shop");
    link.set_display_name("Till 3");
    (*link.mutable_facts()->mutable_fields())["till"].set_number_value(3);
    return link;
  }

  absl::StatusOr<v1::SurveyLink> Create(const std::string& id, const v1::SurveyLink& content) {
    v1::CreateSurveyLinkRequest request;
    request.set_parent("tenants/acme");
    request.set_survey_link_id(id);
    *request.mutable_survey_link() = content;
    return CreateSurveyLink(links_, addresses_, catalog_, db_.clock(), scope_, request);
  }

  absl::StatusOr<v1::SurveyLink> Get(const std::string& id) {
    v1::GetSurveyLinkRequest request;
    request.set_name(absl::StrCat("tenants/acme/surveyLinks/", id));
    return GetSurveyLink(links_, addresses_, scope_, request);
  }

  mysql::testing::TestDatabase db_;
  surveys::SurveyStore surveys_{db_.database()};
  surveys::SurveyCatalog catalog_{surveys_, db_.clock()};
  SurveyLinkStore links_{db_.database()};
  SurveyLinkTokens tokens_{kSecret};
  PageUrls urls_{"https://feedback.example.com/"};
  SurveyLinkAddresses addresses_{tokens_, urls_};
  TenantScope scope_ = mysql::testing::MakeScope("acme");
};

TEST_F(SurveyLinkTest, IsCreatedOnceAndFoundAgain) {
  const auto created = Create("till-3", Content());
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->name(), "tenants/acme/surveyLinks/till-3");
  EXPECT_EQ(created->survey(), "tenants/acme/surveys/shop");
  EXPECT_EQ(created->use(), v1::SurveyLink::USE_MANY);
  EXPECT_THAT(created->url(), StartsWith("https://feedback.example.com/s/cvl_"));
  db_.clock().Advance(absl::Hours(1));
  EXPECT_EQ(Create("till-3", Content())->DebugString(), created->DebugString());
  EXPECT_EQ(Get("till-3")->DebugString(), created->DebugString());
  v1::SurveyLink other = Content();
  other.set_use(v1::SurveyLink::USE_ONCE);
  EXPECT_EQ(ReasonOf(Create("till-3", other).status()), v1::ERROR_REASON_RESOURCE_EXISTS);
}

TEST_F(SurveyLinkTest, OnlyGoodLinksAreMade) {
  v1::SurveyLink link = Content();
  link.set_display_name(std::string(201, 'a'));
  link.set_use(static_cast<v1::SurveyLink::Use>(9));
  (*link.mutable_facts()->mutable_fields())["large"].set_string_value(std::string(9000, 'x'));
  link.mutable_expire_time()->set_nanos(-1);
  EXPECT_EQ(ViolationsOf(Create("x", link).status()).size(), 4u);
  EXPECT_EQ(ReasonOf(Create("x", v1::SurveyLink()).status()), v1::ERROR_REASON_INVALID_SURVEY_LINK);
  EXPECT_EQ(ReasonOf(Create("X!", Content()).status()), v1::ERROR_REASON_INVALID_IDENTIFIER);
  link = Content();
  link.set_survey("tenants/acme/surveys/none");
  EXPECT_EQ(ReasonOf(Create("x", link).status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  link.set_survey("tenants/other/surveys/shop");
  EXPECT_TRUE(absl::IsNotFound(Create("x", link).status()));
}

TEST_F(SurveyLinkTest, IsListedAndDeleted) {
  for (const char* id : {"c", "a", "b"}) ASSERT_TRUE(Create(id, Content()).ok());
  v1::ListSurveyLinksRequest list;
  list.set_parent("tenants/acme");
  list.set_page_size(2);
  auto page = ListSurveyLinks(links_, addresses_, scope_, list);
  ASSERT_EQ(page->survey_links_size(), 2);
  EXPECT_EQ(page->survey_links(1).name(), "tenants/acme/surveyLinks/b");
  EXPECT_NE(page->survey_links(1).url(), "");
  list.set_page_token(page->next_page_token());
  page = ListSurveyLinks(links_, addresses_, scope_, list);
  EXPECT_EQ(page->survey_links_size(), 1);
  EXPECT_EQ(page->next_page_token(), "");

  v1::DeleteSurveyLinkRequest remove;
  remove.set_name("tenants/acme/surveyLinks/a");
  EXPECT_TRUE(DeleteSurveyLink(links_, scope_, remove).ok());
  EXPECT_EQ(ReasonOf(DeleteSurveyLink(links_, scope_, remove).status()), v1::ERROR_REASON_SURVEY_LINK_NOT_FOUND);
  EXPECT_EQ(ReasonOf(Get("a").status()), v1::ERROR_REASON_SURVEY_LINK_NOT_FOUND);
  EXPECT_EQ(ReasonOf(Get("Ä").status()), v1::ERROR_REASON_SURVEY_LINK_NOT_FOUND);
}

TEST_F(SurveyLinkTest, IsMarkedUsedOnce) {
  ASSERT_TRUE(Create("x", Content()).ok());
  EXPECT_TRUE(links_.MarkUsed(scope_, SurveyLinkId("x"), db_.clock().Now()).ok());
  const auto used = Get("x");
  EXPECT_TRUE(used->used());
  EXPECT_TRUE(links_.MarkUsed(scope_, SurveyLinkId("x"), db_.clock().Now()).ok());
  EXPECT_EQ(Get("x")->etag(), used->etag());
  // What was answered is still the same link.
  EXPECT_TRUE(Create("x", Content()).ok());
}

TEST(SurveyLinkTokensTest, NobodyChangesOne) {
  const SurveyLinkTokens tokens(kSecret);
  const SurveyLinkClaims claims{.tenant = TenantId("acme"),
                                .link = SurveyLinkId("till-3"),
                                .create_time = absl::FromUnixMicros(1'750'000'000'123'456)};
  const std::string token = tokens.Sign(claims);
  const auto read = tokens.Verify(token);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->tenant, claims.tenant);
  EXPECT_EQ(read->link, claims.link);
  EXPECT_EQ(read->create_time, claims.create_time);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string altered = token;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(tokens.Verify(altered).ok()) << i;
  }
  EXPECT_FALSE(SurveyLinkTokens("another secret").Verify(token).ok());
  EXPECT_FALSE(tokens.Verify("").ok());
}

TEST(QrCodeTest, IsAnSvgWithAQuietZone) {
  const auto svg = QrCodeSvg("https://feedback.example.com/s/cvl_x");
  ASSERT_TRUE(svg.ok());
  // Version 3 has 29 modules a side; the finder in the corner starts behind four of white.
  EXPECT_THAT(*svg, AllOf(StartsWith("<svg "), HasSubstr("viewBox=\"0 0 37 37\""), HasSubstr("M4 4h7v1h-7z")));
  EXPECT_FALSE(QrCodeSvg(std::string(5000, 'x')).ok());
}

}  // namespace
}  // namespace canvass::distribution
