// The states of a survey and what moves it from one to another, on a real database.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/mysql/testing/test_database.h"
#include "server/surveys/get_survey.h"
#include "server/surveys/lifecycle/archive_survey.h"
#include "server/surveys/lifecycle/close_survey.h"
#include "server/surveys/lifecycle/copy_survey.h"
#include "server/surveys/lifecycle/reopen_survey.h"
#include "server/surveys/lifecycle/restore_survey.h"
#include "server/surveys/publish_survey.h"
#include "server/surveys/survey_catalog.h"
#include "server/surveys/update_survey.h"

namespace canvass::surveys {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LifecycleTest : public ::testing::Test {
 protected:
  v1::Survey Create(const std::string& id, const std::string& key = "nps") {
    v1::Survey survey;
    survey.set_display_name("After the purchase");
    survey.mutable_definition()->set_default_language("en");
    SetQuestion(key, survey);
    return *store_.Create(scope_, SurveyId(id), survey, db_.clock().Now());
  }
  static void SetQuestion(const std::string& key, v1::Survey& survey) {
    survey.mutable_definition()->clear_questions();
    v1::Question& question = *survey.mutable_definition()->add_questions();
    question.set_key(key);
    (*question.mutable_text())["en"] = "How likely are you to recommend us?";
    question.mutable_nps();
  }

  // Calls a handler of this shape with the survey's name.
  template <typename Request>
  absl::StatusOr<v1::Survey> Call(absl::StatusOr<v1::Survey> (*handler)(SurveyStore&, SurveyCatalog&, const Clock&,
                                                                        const TenantScope&, const Request&),
                                  const std::string& id) {
    Request request;
    request.set_name("tenants/acme/surveys/" + id);
    return handler(store_, catalog_, db_.clock(), scope_, request);
  }
  absl::StatusOr<v1::Survey> Do(const std::string& verb, const std::string& id) {
    if (verb == "publish") return Call(&PublishSurvey, id);
    if (verb == "close") return Call(&CloseSurvey, id);
    if (verb == "reopen") return Call(&ReopenSurvey, id);
    if (verb == "archive") return Call(&ArchiveSurvey, id);
    if (verb == "restore") return Call(&RestoreSurvey, id);
    v1::UpdateSurveyRequest update;
    update.mutable_survey()->set_name("tenants/acme/surveys/" + id);
    update.mutable_survey()->set_display_name("Renamed");
    update.mutable_update_mask()->add_paths("display_name");
    return UpdateSurvey(store_, catalog_, db_.clock(), scope_, update);
  }
  absl::StatusOr<v1::Survey> Copy(const std::string& source, const std::string& id,
                                  const std::string& display_name = "") {
    v1::CopySurveyRequest request;
    request.set_source(source);
    request.set_survey_id(id);
    request.set_display_name(display_name);
    return CopySurvey(store_, db_.clock(), scope_, request);
  }
  // The ids of each page.
  std::vector<std::vector<std::string>> Pages(int page_size, bool show_archived) {
    std::vector<std::vector<std::string>> pages;
    v1::ListSurveysRequest request;
    request.set_parent("tenants/acme");
    request.set_page_size(page_size);
    request.set_show_archived(show_archived);
    do {
      const v1::ListSurveysResponse response = *ListSurveys(store_, scope_, request);
      pages.emplace_back();
      for (const v1::Survey& survey : response.surveys()) pages.back().push_back(survey.name().substr(21));
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return pages;
  }

  mysql::testing::TestDatabase db_;
  SurveyStore store_{db_.database()};
  SurveyCatalog catalog_{store_, db_.clock()};
  TenantScope scope_ = mysql::testing::MakeScope("acme");
};

// What each verb makes of each state: a state, or the reason of the refusal.
TEST_F(LifecycleTest, EveryVerbInEveryState) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> ways = {
      {"draft", {}},
      {"published", {"publish"}},
      {"closed", {"publish", "close"}},
      {"archived-draft", {"archive"}},
      {"archived", {"publish", "archive"}},
  };
  struct Case {
    std::string verb;
    std::vector<std::string> outcomes;  // in the order of `ways`
  };
  const std::string not_published = "SURVEY_NOT_PUBLISHED";
  const std::string is_archived = "SURVEY_ARCHIVED";
  const std::vector<Case> cases = {
      {"publish", {"STATE_PUBLISHED", "STATE_PUBLISHED", "SURVEY_CLOSED", is_archived, is_archived}},
      {"close", {not_published, "STATE_CLOSED", "STATE_CLOSED", "STATE_ARCHIVED", "STATE_ARCHIVED"}},
      {"reopen", {not_published, "STATE_PUBLISHED", "STATE_PUBLISHED", is_archived, is_archived}},
      {"archive", {"STATE_ARCHIVED", "STATE_ARCHIVED", "STATE_ARCHIVED", "STATE_ARCHIVED", "STATE_ARCHIVED"}},
      {"restore", {"STATE_DRAFT", "STATE_PUBLISHED", "STATE_CLOSED", "STATE_DRAFT", "STATE_CLOSED"}},
      {"update", {"STATE_DRAFT", "STATE_PUBLISHED", "STATE_CLOSED", is_archived, is_archived}},
  };
  for (const Case& c : cases) {
    for (std::size_t i = 0; i < ways.size(); ++i) {
      const std::string id = c.verb + "-" + ways[i].first;
      Create(id);
      for (const std::string& step : ways[i].second) ASSERT_TRUE(Do(step, id).ok()) << id;
      const v1::Survey before = *store_.Get(scope_, SurveyId(id));
      ASSERT_TRUE(catalog_.Status(scope_, SurveyId(id)).ok());
      const absl::StatusOr<v1::Survey> after = Do(c.verb, id);
      const v1::Survey stored = *store_.Get(scope_, SurveyId(id));
      const std::string outcome =
          after.ok() ? v1::Survey::State_Name(after->state())
                     : v1::ErrorReason_Name(ReasonOf(after.status())).substr(std::string("ERROR_REASON_").size());
      EXPECT_EQ(outcome, c.outcomes[i]) << id;
      if (!after.ok()) {
        EXPECT_EQ(after.status().code(), absl::StatusCode::kFailedPrecondition) << id;
      }
      EXPECT_EQ(stored.state(), after.ok() ? after->state() : before.state()) << id;
      EXPECT_EQ(catalog_.Status(scope_, SurveyId(id))->state, stored.state()) << id << ": seen at once";
      if (c.verb != "update" && stored.state() == before.state()) {
        EXPECT_EQ(stored.etag(), before.etag()) << id;
      }
    }
  }
}

TEST_F(LifecycleTest, VerbsNeedASurvey) {
  for (const std::string verb : {"publish", "close", "reopen", "archive", "restore", "update"}) {
    EXPECT_EQ(ReasonOf(Do(verb, "none").status()), v1::ERROR_REASON_SURVEY_NOT_FOUND) << verb;
    EXPECT_EQ(ReasonOf(Do(verb, "a/b").status()), v1::ERROR_REASON_INVALID_RESOURCE_NAME) << verb;
  }
}

TEST_F(LifecycleTest, AReopenedSurveyAsksTheVersionPublishedLast) {
  Create("s");
  for (const std::string verb : {"publish", "close", "reopen"}) ASSERT_TRUE(Do(verb, "s").ok());
  EXPECT_EQ(catalog_.Status(scope_, SurveyId("s"))->published_version, 1);
  EXPECT_EQ(Do("publish", "s")->published_version(), 1) << "the draft is the version";
}

TEST_F(LifecycleTest, ClosingIsSeenAtOnceAndOutlivesReopening) {
  Create("s");
  ASSERT_TRUE(Do("publish", "s").ok());
  EXPECT_EQ(catalog_.Status(scope_, SurveyId("s"))->max_responses, 0);
  v1::UpdateSurveyRequest update;
  update.mutable_survey()->set_name("tenants/acme/surveys/s");
  update.mutable_survey()->mutable_closing()->set_max_responses(7);
  *update.mutable_survey()->mutable_closing()->mutable_close_time() = ToProto(db_.clock().Now() + absl::Hours(1));
  update.mutable_update_mask()->add_paths("closing");
  const absl::StatusOr<v1::Survey> updated = UpdateSurvey(store_, catalog_, db_.clock(), scope_, update);
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->definition().questions_size(), 1);
  for (const std::string verb : {"close", "reopen"}) ASSERT_TRUE(Do(verb, "s").ok());
  const SurveyStatus status = *catalog_.Status(scope_, SurveyId("s"));
  EXPECT_EQ(status.max_responses, 7);
  EXPECT_EQ(status.close_time, db_.clock().Now() + absl::Hours(1));

  update.mutable_survey()->clear_closing();
  EXPECT_FALSE(UpdateSurvey(store_, catalog_, db_.clock(), scope_, update)->has_closing());
  EXPECT_EQ(catalog_.Status(scope_, SurveyId("s"))->close_time, absl::InfiniteFuture());
}

TEST_F(LifecycleTest, ListsLeaveArchivedSurveysOutAndStayFull) {
  for (int i = 0; i < 8; ++i) Create(absl::StrCat("s", i));
  for (const std::string id : {"s0", "s2", "s3", "s7"}) ASSERT_TRUE(Do("archive", id).ok());
  EXPECT_THAT(Pages(2, false), ElementsAre(ElementsAre("s1", "s4"), ElementsAre("s5", "s6")));
  EXPECT_THAT(Pages(3, true),
              ElementsAre(ElementsAre("s0", "s1", "s2"), ElementsAre("s3", "s4", "s5"), ElementsAre("s6", "s7")));
  for (const std::string id : {"s1", "s4", "s5", "s6"}) ASSERT_TRUE(Do("archive", id).ok());
  EXPECT_THAT(Pages(2, false), ElementsAre(IsEmpty()));

  v1::ListSurveysRequest request;
  request.set_parent("tenants/acme");
  request.set_page_size(1);
  request.set_show_archived(true);
  request.set_page_token(ListSurveys(store_, scope_, request)->next_page_token());
  request.set_show_archived(false);
  EXPECT_EQ(ReasonOf(ListSurveys(store_, scope_, request).status()), v1::ERROR_REASON_INVALID_PAGE_TOKEN);
}

TEST_F(LifecycleTest, CopiesTheDraftOrAVersion) {
  Create("s", "first");
  ASSERT_TRUE(Do("publish", "s").ok());
  ASSERT_TRUE(store_
                  .Change(scope_, SurveyId("s"), db_.clock().Now(),
                          [](v1::Survey& survey) {
                            SetQuestion("second", survey);
                            survey.mutable_closing()->set_max_responses(7);
                            return absl::OkStatus();
                          })
                  .ok());
  const absl::StatusOr<v1::Survey> draft = Copy("tenants/acme/surveys/s", "of-draft");
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_EQ(draft->name(), "tenants/acme/surveys/of-draft");
  EXPECT_EQ(draft->state(), v1::Survey::STATE_DRAFT);
  EXPECT_EQ(draft->published_version(), 0);
  EXPECT_EQ(draft->display_name(), "After the purchase");
  EXPECT_EQ(draft->definition().questions(0).key(), "second");
  EXPECT_EQ(draft->definition().questions(0).text().at("en"), "How likely are you to recommend us?");
  EXPECT_FALSE(draft->has_closing()) << "a copy does not close with its source";

  const absl::StatusOr<v1::Survey> version = Copy("tenants/-/surveys/s/versions/1", "of-version", "Spring");
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ(version->display_name(), "Spring");
  EXPECT_EQ(version->definition().questions(0).key(), "first");
}

TEST_F(LifecycleTest, CopyingAgainReturnsTheCopy) {
  Create("s");
  const v1::Survey copy = *Copy("tenants/acme/surveys/s", "copy");
  db_.clock().Advance(absl::Hours(1));
  EXPECT_EQ(Copy("tenants/acme/surveys/s", "copy")->etag(), copy.etag());
  EXPECT_EQ(ReasonOf(Copy("tenants/acme/surveys/s", "copy", "Other").status()), v1::ERROR_REASON_RESOURCE_EXISTS);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM surveys"), 2);
}

TEST_F(LifecycleTest, CopyChecksItsInput) {
  Create("s");
  EXPECT_EQ(ReasonOf(Copy("tenants/acme/surveys/s", "Not An Id").status()), v1::ERROR_REASON_INVALID_IDENTIFIER);
  EXPECT_EQ(ReasonOf(Copy("tenants/acme/surveys/s", "t", std::string(201, 'x')).status()),
            v1::ERROR_REASON_INVALID_SURVEY);
  EXPECT_EQ(ReasonOf(Copy("tenants/acme/surveys/none", "t").status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  EXPECT_EQ(ReasonOf(Copy("tenants/acme/surveys/s/versions/1", "t").status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  EXPECT_EQ(ReasonOf(Copy("tenants/acme/surveys/s/versions/01", "t").status()), v1::ERROR_REASON_INVALID_RESOURCE_NAME);
  EXPECT_EQ(ReasonOf(Copy("", "t").status()), v1::ERROR_REASON_INVALID_RESOURCE_NAME);
  EXPECT_EQ(Copy("tenants/globex/surveys/s", "t").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM surveys"), 1);
}

}  // namespace
}  // namespace canvass::surveys
