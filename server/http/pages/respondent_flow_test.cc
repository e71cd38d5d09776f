#include "server/http/pages/respondent_flow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "server/responses/questionnaire/localized_survey.h"
#include "server/surveys/definition/check_definition.h"
#include "server/surveys/testing/definitions.h"

namespace canvass::http {
namespace {

constexpr char kSurvey[] = R"pb(
  pages { key: 'one' starts_with: 'nps' }
  pages { key: 'two' starts_with: 'hello' }
  pages { key: 'three' starts_with: 'a' }
  pages { key: 'four' starts_with: 'last' }
  questions {
    key: 'nps'
    required: true
    nps {}
  }
  questions {
    key: 'hello'
    statement {}
  }
  questions {
    key: 'a'
    free_text {}
  }
  questions {
    key: 'b'
    show_if { text: 'answer.nps < 7' }
    free_text {}
  }
  questions {
    key: 'last'
    show_if { text: 'answer.nps > 3' }
    free_text {}
  }
  quotas {
    key: 'fans'
    limit: 1
    when { text: 'answer.nps = 10' }
  }
)pb";

class RespondentFlowTest : public ::testing::Test {
 protected:
  RespondentFlowTest() {
    auto version = std::make_shared<v1::SurveyVersion>();
    *version->mutable_definition() = surveys::testing::Define(kSurvey);
    Violations faults;
    surveys::CheckDefinition(*version->mutable_definition(), faults);
    respondent_.survey = responses::Localize(std::move(version), "en");
    respondent_.facts = &facts_;
  }

  void Score(int score) {
    v1::Answer& answer = *draft_.add_answers();
    answer.set_question("nps");
    answer.set_score(score);
  }
  void Text(const std::string& question) {
    v1::Answer& answer = *draft_.add_answers();
    answer.set_question(question);
    answer.set_text("x");
  }

  RespondentFlow Flow() const { return RespondentFlow(respondent_, draft_.answers()); }
  std::string Resumed() const { return Flow().Resume()->page().key(); }

  google::protobuf::Struct facts_;
  responses::Respondent respondent_;
  v1::Response draft_;
};

TEST_F(RespondentFlowTest, ResumesBehindTheLastWholePage) {
  EXPECT_EQ(Resumed(), "one");
  Score(5);
  EXPECT_EQ(Resumed(), "two");
  Text("a");
  EXPECT_EQ(Resumed(), "three") << "one of its questions is open";
  Text("b");
  EXPECT_EQ(Resumed(), "four");
  Text("last");
  EXPECT_EQ(Resumed(), "four") << "to be sent";
}

TEST_F(RespondentFlowTest, KnowsWhatComesBeforeAndLast) {
  Score(2);
  EXPECT_EQ(Flow().Before("one"), "");
  EXPECT_EQ(Flow().Before("three"), "two");
  EXPECT_TRUE(Flow().IsLast("three"));
  EXPECT_FALSE(Flow().IsLast("two"));
  EXPECT_TRUE(Flow().After("three")->complete());
  draft_.clear_answers();
  Score(4);
  EXPECT_FALSE(Flow().IsLast("three"));
}

TEST_F(RespondentFlowTest, ShowsNoPageToWhichTheAnswersDoNotLead) {
  EXPECT_EQ(Flow().Show("three")->page().key(), "one");
  Score(2);
  EXPECT_EQ(Flow().Show("four")->page().key(), "two") << "it is not shown, so where the person stopped";
  EXPECT_EQ(Flow().Show("nonsense")->page().key(), "two");
  EXPECT_EQ(Flow().Show("one")->page().key(), "one");
}

TEST_F(RespondentFlowTest, HandsInWhatWasShownInItsOrder) {
  Text("last");
  Text("b");
  Text("gone");
  Score(2);
  const RespondentFlow::Answers answers = Flow().ShownAnswers();
  ASSERT_EQ(answers.size(), 2);
  EXPECT_EQ(answers[0].question(), "nps");
  EXPECT_EQ(answers[1].question(), "b");
}

TEST_F(RespondentFlowTest, AFullQuotaEndsItAtOnce) {
  respondent_.full_quotas = {"fans"};
  Score(10);
  EXPECT_TRUE(Flow().Resume()->quota_full());
  EXPECT_FALSE(Flow().End()->quota_full()) << "who has answered is thanked";
}

TEST_F(RespondentFlowTest, ReadsOnlyWhatTheRespondentSaw) {
  Form form;
  form.Add("shown", "a,nps");
  form.Add("q.a", "new");
  form.Add("q.b", "forged");
  const PageAnswers page = ReadPage(Flow().QuestionsOf("three"), form);
  ASSERT_EQ(page.items.size(), 1u);
  Text("a");
  Text("b");
  page.MergeInto(Blanks::kDismiss, {}, draft_);
  EXPECT_EQ(draft_.answers(0).question(), "b");
  EXPECT_EQ(draft_.answers(1).text(), "new");
}

TEST_F(RespondentFlowTest, BlanksAreDismissedOnlyByGoingOn) {
  Form form;
  form.Add("shown", "a,b");
  form.Add("q.b", "kept");
  const PageAnswers page = ReadPage(Flow().QuestionsOf("three"), form);
  page.MergeInto(Blanks::kLeave, {}, draft_);
  ASSERT_EQ(draft_.answers_size(), 1);
  page.MergeInto(Blanks::kDismiss, {"b"}, draft_);
  ASSERT_EQ(draft_.answers_size(), 2);
  EXPECT_TRUE(draft_.answers(1).dismissed());
}

}  // namespace
}  // namespace canvass::http
