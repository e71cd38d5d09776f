// The handlers of SurveyService, on a real database.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/mysql/testing/test_database.h"
#include "server/surveys/create_survey.h"
#include "server/surveys/get_survey.h"
#include "server/surveys/lifecycle/close_survey.h"
#include "server/surveys/publish_survey.h"
#include "server/surveys/survey_catalog.h"
#include "server/surveys/update_survey.h"
#include "server/surveys/versions/get_survey_version.h"

namespace canvass::surveys {
namespace {

using testing::ElementsAre;

v1::Survey Content(const std::string& display_name = "After the purchase") {
  v1::Survey survey;
  survey.set_display_name(display_name);
  v1::SurveyDefinition& definition = *survey.mutable_definition();
  definition.set_default_language("en");
  v1::Question& question = *definition.add_questions();
  question.set_key("nps");
  (*question.mutable_text())["en"] = "How likely are you to recommend us?";
  question.mutable_nps();
  return survey;
}

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(status)) fields.push_back(violation.field);
  return fields;
}

class SurveyHandlersTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Survey> Create(const std::string& id, const v1::Survey& content = Content()) {
    v1::CreateSurveyRequest request;
    request.set_parent("tenants/acme");
    request.set_survey_id(id);
    *request.mutable_survey() = content;
    return CreateSurvey(store_, db_.clock(), scope_, request);
  }
  absl::StatusOr<v1::Survey> Get(const std::string& name) {
    v1::GetSurveyRequest request;
    request.set_name(name);
    return GetSurvey(store_, scope_, request);
  }
  absl::StatusOr<v1::Survey> Update(const v1::UpdateSurveyRequest& request) {
    return UpdateSurvey(store_, catalog_, db_.clock(), scope_, request);
  }
  absl::StatusOr<v1::Survey> Publish(const std::string& name, const std::string& etag = "") {
    v1::PublishSurveyRequest request;
    request.set_name(name);
    request.set_etag(etag);
    return PublishSurvey(store_, catalog_, db_.clock(), scope_, request);
  }
  absl::StatusOr<v1::Survey> Close(const std::string& name) {
    v1::CloseSurveyRequest request;
    request.set_name(name);
    return CloseSurvey(store_, catalog_, db_.clock(), scope_, request);
  }
  // An update that renames the survey.
  static v1::UpdateSurveyRequest Rename(const std::string& id, const std::string& display_name) {
    v1::UpdateSurveyRequest request;
    request.mutable_survey()->set_name("tenants/acme/surveys/" + id);
    request.mutable_survey()->set_display_name(display_name);
    request.mutable_update_mask()->add_paths("display_name");
    return request;
  }

  mysql::testing::TestDatabase db_;
  SurveyStore store_{db_.database()};
  SurveyCatalog catalog_{store_, db_.clock()};
  TenantScope scope_ = mysql::testing::MakeScope("acme");
};

TEST_F(SurveyHandlersTest, CreateChecksItsInput) {
  EXPECT_EQ(ReasonOf(Create("Not An Id").status()), v1::ERROR_REASON_INVALID_IDENTIFIER);
  EXPECT_THAT(FieldsOf(Create("Not An Id").status()), ElementsAre("survey_id"));
  v1::Survey bad = Content();
  bad.mutable_definition()->mutable_questions(0)->mutable_csat()->set_points(4);
  EXPECT_EQ(ReasonOf(Create("s", bad).status()), v1::ERROR_REASON_INVALID_SURVEY);
  EXPECT_THAT(FieldsOf(Create("s", bad).status()), ElementsAre("survey.definition.questions[0].csat.points"));

  v1::CreateSurveyRequest elsewhere;
  elsewhere.set_parent("tenants/globex");
  elsewhere.set_survey_id("s");
  *elsewhere.mutable_survey() = Content();
  EXPECT_EQ(CreateSurvey(store_, db_.clock(), scope_, elsewhere).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM surveys"), 0);
}

TEST_F(SurveyHandlersTest, CreateIgnoresOutputFields) {
  v1::Survey content = Content();
  content.set_name("tenants/globex/surveys/x");
  content.set_state(v1::Survey::STATE_CLOSED);
  content.set_published_version(7);
  content.set_etag("99");
  const absl::StatusOr<v1::Survey> created = Create("s", content);
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->name(), "tenants/acme/surveys/s");
  EXPECT_EQ(created->state(), v1::Survey::STATE_DRAFT);
  EXPECT_EQ(created->published_version(), 0);
}

TEST_F(SurveyHandlersTest, CreateOnlyValidatesIfAsked) {
  v1::CreateSurveyRequest request;
  request.set_parent("tenants/-");
  request.set_survey_id("s");
  request.set_validate_only(true);
  *request.mutable_survey() = Content();
  const absl::StatusOr<v1::Survey> preview = CreateSurvey(store_, db_.clock(), scope_, request);
  ASSERT_TRUE(preview.ok()) << preview.status();
  EXPECT_EQ(preview->name(), "tenants/acme/surveys/s");
  EXPECT_EQ(preview->state(), v1::Survey::STATE_DRAFT);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM surveys"), 0);

  ASSERT_TRUE(Create("s").ok());
  EXPECT_TRUE(CreateSurvey(store_, db_.clock(), scope_, request).ok());
  request.mutable_survey()->set_display_name("another");
  EXPECT_EQ(ReasonOf(CreateSurvey(store_, db_.clock(), scope_, request).status()), v1::ERROR_REASON_RESOURCE_EXISTS);
}

TEST_F(SurveyHandlersTest, GetChecksTheName) {
  ASSERT_TRUE(Create("s").ok());
  EXPECT_TRUE(Get("tenants/acme/surveys/s").ok());
  EXPECT_EQ(ReasonOf(Get("tenants/acme/surveys/t").status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  EXPECT_EQ(Get("tenants/globex/surveys/s").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(Get("surveys/s").status()), v1::ERROR_REASON_INVALID_RESOURCE_NAME);
  EXPECT_EQ(Get("tenants/acme/surveys/%C5%BE").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(SurveyHandlersTest, ListsPageByPage) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Create(absl::StrCat("s", i)).ok());
  v1::ListSurveysRequest request;
  request.set_parent("tenants/acme");
  request.set_page_size(2);
  std::vector<std::string> names;
  int pages = 0;
  do {
    const absl::StatusOr<v1::ListSurveysResponse> response = ListSurveys(store_, scope_, request);
    ASSERT_TRUE(response.ok()) << response.status();
    for (const v1::Survey& survey : response->surveys()) names.push_back(survey.name());
    request.set_page_token(response->next_page_token());
    ++pages;
  } while (!request.page_token().empty() && pages < 10);
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(names.size(), 5u);
  EXPECT_EQ(names[4], "tenants/acme/surveys/s4");

  request.set_page_token("garbage");
  EXPECT_EQ(ReasonOf(ListSurveys(store_, scope_, request).status()), v1::ERROR_REASON_INVALID_PAGE_TOKEN);
  request.clear_page_token();
  request.set_page_size(-1);
  EXPECT_EQ(ReasonOf(ListSurveys(store_, scope_, request).status()), v1::ERROR_REASON_INVALID_FIELD);
}

TEST_F(SurveyHandlersTest, UpdateChangesWhatTheMaskNames) {
  const v1::Survey created = *Create("s");
  const absl::StatusOr<v1::Survey> renamed = Update(Rename("s", "Renamed"));
  ASSERT_TRUE(renamed.ok()) << renamed.status();
  EXPECT_EQ(renamed->display_name(), "Renamed");
  EXPECT_EQ(renamed->definition().questions_size(), 1);

  v1::UpdateSurveyRequest whole;
  *whole.mutable_survey() = Content("");
  whole.mutable_survey()->set_name("tenants/acme/surveys/s");
  whole.mutable_survey()->mutable_definition()->mutable_questions(0)->set_key("other");
  const absl::StatusOr<v1::Survey> replaced = Update(whole);
  ASSERT_TRUE(replaced.ok()) << replaced.status();
  EXPECT_EQ(replaced->display_name(), "") << "an empty mask takes everything";
  EXPECT_EQ(replaced->definition().questions(0).key(), "other");
  EXPECT_NE(replaced->etag(), created.etag());
}

TEST_F(SurveyHandlersTest, UpdateRefusesBadInputAndWritesNothing) {
  const v1::Survey created = *Create("s");
  v1::UpdateSurveyRequest request = Rename("s", "x");
  request.mutable_update_mask()->add_paths("state");
  EXPECT_EQ(ReasonOf(Update(request).status()), v1::ERROR_REASON_INVALID_FIELD_MASK);
  EXPECT_THAT(FieldsOf(Update(request).status()), ElementsAre("update_mask.paths[1]"));

  request = Rename("s", "x");
  request.mutable_update_mask()->add_paths("definition");
  EXPECT_EQ(ReasonOf(Update(request).status()), v1::ERROR_REASON_INVALID_SURVEY) << "it would lose its definition";

  request = Rename("s", "x");
  request.mutable_survey()->set_etag("stale");
  EXPECT_EQ(ReasonOf(Update(request).status()), v1::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_EQ(Update(request).status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(Update(Rename("missing", "x")).status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  EXPECT_EQ(Get("tenants/acme/surveys/s")->etag(), created.etag());

  request.mutable_survey()->set_etag(created.etag());
  EXPECT_TRUE(Update(request).ok());
}

TEST_F(SurveyHandlersTest, UpdateMayCreate) {
  v1::UpdateSurveyRequest request;
  *request.mutable_survey() = Content();
  request.mutable_survey()->set_name("tenants/acme/surveys/new");
  request.mutable_update_mask()->add_paths("display_name");
  request.set_allow_missing(true);
  request.set_validate_only(true);
  ASSERT_TRUE(Update(request).ok());
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM surveys"), 0);

  request.set_validate_only(false);
  const absl::StatusOr<v1::Survey> created = Update(request);
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->definition().questions_size(), 1) << "where it creates, the mask does not matter";
  EXPECT_EQ(Update(request)->etag(), created->etag()) << "again with the same content changes nothing";

  request.mutable_survey()->set_name("tenants/acme/surveys/Bad_Id");
  EXPECT_EQ(ReasonOf(Update(request).status()), v1::ERROR_REASON_INVALID_IDENTIFIER);
  request.mutable_survey()->set_name("tenants/acme/surveys/gone");
  request.mutable_survey()->set_etag("7");
  EXPECT_EQ(ReasonOf(Update(request).status()), v1::ERROR_REASON_ETAG_MISMATCH);
}

TEST_F(SurveyHandlersTest, UpdateOnlyValidatesIfAsked) {
  const v1::Survey created = *Create("s");
  v1::UpdateSurveyRequest request = Rename("s", "Preview");
  request.set_validate_only(true);
  EXPECT_EQ(Update(request)->display_name(), "Preview");
  EXPECT_EQ(Get("tenants/acme/surveys/s")->display_name(), created.display_name());
}

TEST_F(SurveyHandlersTest, PublishAndCloseAreSeenAtOnce) {
  ASSERT_TRUE(Create("s").ok());
  const SurveyId id("s");
  EXPECT_EQ(catalog_.Status(scope_, id)->state, v1::Survey::STATE_DRAFT);
  EXPECT_EQ(ReasonOf(Close("tenants/acme/surveys/s").status()), v1::ERROR_REASON_SURVEY_NOT_PUBLISHED);
  const absl::StatusOr<v1::Survey> published = Publish("tenants/acme/surveys/s");
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->published_version(), 1);
  EXPECT_EQ(catalog_.Status(scope_, id)->state, v1::Survey::STATE_PUBLISHED);

  const absl::StatusOr<v1::Survey> closed = Close("tenants/acme/surveys/s");
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_EQ(closed->state(), v1::Survey::STATE_CLOSED);
  EXPECT_EQ(closed->published_version(), 1);
  EXPECT_EQ(catalog_.Status(scope_, id)->state, v1::Survey::STATE_CLOSED);
  EXPECT_EQ(Close("tenants/acme/surveys/s")->etag(), closed->etag()) << "closing again changes nothing";
  EXPECT_EQ(ReasonOf(Publish("tenants/acme/surveys/s").status()), v1::ERROR_REASON_SURVEY_CLOSED);
}

TEST_F(SurveyHandlersTest, PublishChecksTheEtag) {
  const v1::Survey created = *Create("s");
  ASSERT_TRUE(Update(Rename("s", "Renamed")).ok());
  EXPECT_EQ(ReasonOf(Publish("tenants/acme/surveys/s", created.etag()).status()), v1::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_TRUE(Publish("tenants/acme/surveys/s", Get("tenants/acme/surveys/s")->etag()).ok());
  EXPECT_EQ(ReasonOf(Publish("tenants/acme/surveys/none").status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
}

TEST_F(SurveyHandlersTest, ServesVersions) {
  ASSERT_TRUE(Create("s").ok());
  for (int i = 1; i <= 3; ++i) {
    v1::UpdateSurveyRequest request;
    *request.mutable_survey() = Content();
    request.mutable_survey()->set_name("tenants/acme/surveys/s");
    request.mutable_survey()->mutable_definition()->mutable_questions(0)->set_key(absl::StrCat("k", i));
    ASSERT_TRUE(Update(request).ok());
    ASSERT_TRUE(Publish("tenants/acme/surveys/s").ok());
  }
  v1::GetSurveyVersionRequest get;
  get.set_name("tenants/acme/surveys/s/versions/2");
  EXPECT_EQ(GetSurveyVersion(store_, scope_, get)->definition().questions(0).key(), "k2");
  for (const char* number : {"0", "-1", "02", "x", "99999999999"}) {
    get.set_name(absl::StrCat("tenants/acme/surveys/s/versions/", number));
    EXPECT_EQ(ReasonOf(GetSurveyVersion(store_, scope_, get).status()), v1::ERROR_REASON_INVALID_RESOURCE_NAME);
  }
  get.set_name("tenants/acme/surveys/s/versions/4");
  EXPECT_EQ(ReasonOf(GetSurveyVersion(store_, scope_, get).status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);

  v1::ListSurveyVersionsRequest list;
  list.set_parent("tenants/acme/surveys/s");
  list.set_page_size(2);
  absl::StatusOr<v1::ListSurveyVersionsResponse> page = ListSurveyVersions(store_, scope_, list);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->survey_versions_size(), 2);
  EXPECT_EQ(page->survey_versions(0).version(), 3);
  list.set_page_token(page->next_page_token());
  page = ListSurveyVersions(store_, scope_, list);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->survey_versions(0).version(), 1);
  EXPECT_EQ(page->next_page_token(), "");

  // The token of one survey's list is not one for another's.
  ASSERT_TRUE(Create("t").ok());
  list.set_parent("tenants/acme/surveys/t");
  EXPECT_EQ(ReasonOf(ListSurveyVersions(store_, scope_, list).status()), v1::ERROR_REASON_INVALID_PAGE_TOKEN);
  list.clear_page_token();
  EXPECT_EQ(ListSurveyVersions(store_, scope_, list)->survey_versions_size(), 0);
  list.set_parent("tenants/acme/surveys/none");
  EXPECT_EQ(ReasonOf(ListSurveyVersions(store_, scope_, list).status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
}

}  // namespace
}  // namespace canvass::surveys
