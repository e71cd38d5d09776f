#include "server/responses/reading/list_responses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/testing/parse.h"
#include "server/responses/reading/export_responses.h"
#include "server/responses/testing/answered_survey.h"

namespace canvass::responses {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<int> Scores(const google::protobuf::RepeatedPtrField<v1::Response>& responses) {
  std::vector<int> scores;
  for (const v1::Response& response : responses) scores.push_back(response.answers(0).score());
  return scores;
}

class ListResponsesTest : public testing::AnsweredSurveyTest {
 protected:
  absl::StatusOr<v1::ListResponsesResponse> List(v1::ListResponsesRequest request) {
    request.set_parent("tenants/acme");
    return ListResponses(house_.responses, house_.catalog, scope_, request);
  }
  std::vector<int> Filtered(const std::string& filter) {
    v1::ListResponsesRequest request;
    request.set_filter(filter);
    const auto page = List(request);
    EXPECT_TRUE(page.ok()) << filter << ": " << page.status();
    return page.ok() ? Scores(page->responses()) : std::vector<int>();
  }
};

TEST_F(ListResponsesTest, FiltersByWhatWasAnsweredAndHow) {
  v1::SubmitResponseRequest one = Request(3, "came late and wet");
  one.mutable_response()->set_channel(v1::Invitation::CHANNEL_EMAIL);
  one.mutable_response()->set_contact("tenants/acme/contacts/ada%20l");
  one.mutable_response()->set_device(v1::Response::DEVICE_PHONE);
  one.mutable_response()->set_language("fr");
  *one.mutable_response()->mutable_start_time() = ToProto(db_.clock().Now() - absl::Seconds(90));
  *one.mutable_response()->mutable_facts() = canvass::testing::Parse<google::protobuf::Struct>(
      "fields { key: 'event' value { struct_value { fields { key: 'gate' value { string_value: 'B7' } } } } }");
  Store(one);
  Store(9, "quick");
  Store(10);
  EXPECT_THAT(Filtered(""), ElementsAre(10, 9, 3));
  EXPECT_THAT(Filtered("answer.recommend <= 6"), ElementsAre(3));
  EXPECT_THAT(Filtered("answer.comment:late"), ElementsAre(3));
  EXPECT_THAT(Filtered("NOT answer.comment:*"), ElementsAre(10));
  EXPECT_THAT(Filtered("response.channel = email"), ElementsAre(3));
  EXPECT_THAT(Filtered("response.channel = \"link\" AND answer.recommend >= 10"), ElementsAre(10));
  EXPECT_THAT(Filtered("response.contact = \"ada l\""), ElementsAre(3));
  EXPECT_THAT(Filtered("response.device = phone AND response.language = fr"), ElementsAre(3));
  EXPECT_THAT(Filtered("response.duration >= 90"), ElementsAre(3));
  EXPECT_THAT(Filtered("response.answers = 1"), ElementsAre(10));
  EXPECT_THAT(Filtered("response.completeness < 1"), ElementsAre(10));
  EXPECT_THAT(Filtered("response.excluded = true"), IsEmpty());
  EXPECT_THAT(Filtered("event.gate = B7"), ElementsAre(3));
  const std::string year = absl::FormatTime("%Y", db_.clock().Now(), absl::UTCTimeZone());
  EXPECT_THAT(Filtered(absl::StrCat("response.create_time >= \"", year, "\"")), SizeIs(3));
  EXPECT_THAT(Filtered("response.create_time < \"2001\""), IsEmpty());
}

TEST_F(ListResponsesTest, FiltersByHiddenFields) {
  v1::SurveyDefinition definition = Definition();
  *definition.add_hidden_fields() = canvass::testing::Parse<v1::HiddenField>("key: 'plan' type: TYPE_TEXT");
  house_.Publish(scope_, survey_, definition);
  v1::SubmitResponseRequest one = Request(3);
  *one.mutable_response()->mutable_facts() = canvass::testing::Parse<google::protobuf::Struct>(
      "fields { key: 'hidden' value { struct_value { fields { key: 'plan' value { string_value: 'pro' } } } } }");
  Store(one);
  Store(9);
  EXPECT_THAT(Filtered("hidden.plan = pro"), ElementsAre(3));
  EXPECT_THAT(Filtered("NOT hidden.plan:*"), ElementsAre(9));
}

TEST_F(ListResponsesTest, ABadFilterSaysWhatIsWrong) {
  v1::ListResponsesRequest request;
  for (const char* filter : {"answer.recommend <=", "response.chanel = email", "customer.name = x", "recommend = 1"}) {
    request.set_filter(filter);
    const absl::Status refused = List(request).status();
    EXPECT_EQ(ReasonOf(refused), v1::ERROR_REASON_INVALID_CONDITION) << filter;
    ASSERT_THAT(ViolationsOf(refused), SizeIs(1)) << filter;
    EXPECT_EQ(ViolationsOf(refused)[0].field, "filter");
  }
  request.set_filter(absl::StrCat(std::string(4097, ' '), "answer.a = 1"));
  EXPECT_EQ(ReasonOf(List(request).status()), v1::ERROR_REASON_INVALID_CONDITION);
}

TEST_F(ListResponsesTest, PagesOfAFilterLoseAndRepeatNothing) {
  for (int i = 0; i < 60; ++i) Store(i % 11);
  v1::ListResponsesRequest request;
  request.set_filter("answer.recommend = 4");
  request.set_page_size(2);
  std::vector<int> all;
  int pages = 0;
  do {
    const auto page = List(request);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LE(page->responses_size(), 2);
    for (const int score : Scores(page->responses())) all.push_back(score);
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_THAT(all, SizeIs(6));
  EXPECT_EQ(pages, 3);
  // A token of one filter is none of another.
  request.set_page_size(1);
  request.clear_page_token();
  request.set_page_token(List(request)->next_page_token());
  request.set_filter("answer.recommend = 5");
  EXPECT_EQ(ReasonOf(List(request).status()), v1::ERROR_REASON_INVALID_PAGE_TOKEN);
}

TEST_F(ListResponsesTest, ByContactAndByTime) {
  v1::SubmitResponseRequest request = Request(1);
  request.mutable_response()->set_contact("tenants/acme/contacts/ada");
  Store(request);
  const absl::Time middle = db_.clock().Now();
  db_.clock().Advance(absl::Milliseconds(5));
  Store(2);
  request.mutable_response()->mutable_answers(0)->set_score(3);
  Store(request);
  v1::ListResponsesRequest list;
  list.set_contact("tenants/acme/contacts/ada");
  EXPECT_THAT(Scores(List(list)->responses()), ElementsAre(3, 1));
  *list.mutable_start_time() = ToProto(middle);
  EXPECT_THAT(Scores(List(list)->responses()), ElementsAre(3));
  list.clear_contact();
  EXPECT_THAT(Scores(List(list)->responses()), ElementsAre(3, 2));
  list.clear_start_time();
  *list.mutable_end_time() = ToProto(middle);
  EXPECT_THAT(Scores(List(list)->responses()), ElementsAre(1));
  list.set_contact("tenants/acme/contacts/nobody");
  EXPECT_THAT(List(list)->responses(), IsEmpty());
  list.set_contact("tenants/other/contacts/ada");
  EXPECT_EQ(ReasonOf(List(list).status()), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
}

class ExportResponsesTest : public ListResponsesTest {
 protected:
  using Part = absl::StatusOr<std::vector<v1::ExportResponsesResponse>>;

  absl::StatusOr<std::unique_ptr<ExportDesk::Source>> Open(const std::string& filter, const std::string& token = "") {
    v1::ExportResponsesRequest request;
    request.set_survey("tenants/acme/surveys/post-purchase");
    request.set_filter(filter);
    request.set_resume_token(token);
    return ExportResponses(desk_, house_.catalog, scope_, request);
  }
  static Part Next(ExportDesk::Source& source) {
    Part part;
    absl::Notification done;
    source.Next([&](Part messages) {
      part = std::move(messages);
      done.Notify();
    });
    done.WaitForNotification();
    return part;
  }

  ExportDesk desk_{house_.responses, db_.clock()};
};

TEST_F(ExportResponsesTest, GivesEverythingOnceInTheOrderItCameAndGoesOnAnywhere) {
  std::vector<v1::SubmitResponseRequest> requests;
  for (int i = 0; i < 2300; ++i) requests.push_back(Request(i % 11));
  for (const auto& result : testing::SubmitAllAndWait(*intake_, scope_, requests)) ASSERT_TRUE(result.ok());
  db_.clock().Advance(absl::Seconds(1));
  const auto source = Open("answer.recommend != 3");
  ASSERT_TRUE(source.ok()) << source.status();
  std::vector<std::string> names, tokens;
  int64_t examined = 0;
  for (Part part = Next(**source); part.ok() && !part->empty(); part = Next(**source)) {
    for (const v1::ExportResponsesResponse& message : *part) {
      for (const v1::Response& response : message.responses()) names.push_back(response.name());
      tokens.push_back(message.resume_token());
      examined = message.examined();
    }
  }
  EXPECT_EQ(examined, 2300);
  EXPECT_THAT(names, SizeIs(2300 - 209));
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  ASSERT_THAT(tokens, SizeIs(4));

  const auto rest = Open("answer.recommend != 3", tokens[2]);
  ASSERT_TRUE(rest.ok()) << rest.status();
  std::string last;
  for (Part part = Next(**rest); part.ok() && !part->empty(); part = Next(**rest)) {
    examined = part->back().examined();
    last = part->back().responses(part->back().responses_size() - 1).name();
  }
  EXPECT_EQ(examined, 250);
  EXPECT_EQ(last, names.back());
  EXPECT_EQ(ReasonOf(Open("", tokens[1]).status()), v1::ERROR_REASON_INVALID_PAGE_TOKEN);
}

TEST_F(ExportResponsesTest, HoldsAFewMessagesHoweverLargeTheResponsesAre) {
  std::vector<v1::SubmitResponseRequest> requests(1800, Request(9, std::string(2000, 'w')));
  for (const auto& result : testing::SubmitAllAndWait(*intake_, scope_, requests)) ASSERT_TRUE(result.ok());
  db_.clock().Advance(absl::Seconds(1));
  const auto source = Open("");
  ASSERT_TRUE(source.ok()) << source.status();
  int exported = 0;
  for (Part part = Next(**source); part.ok() && !part->empty(); part = Next(**source)) {
    std::size_t bytes = 0;
    for (const v1::ExportResponsesResponse& message : *part) {
      bytes += message.ByteSizeLong();
      exported += message.responses_size();
    }
    EXPECT_LT(bytes, std::size_t{3} << 19);
  }
  EXPECT_EQ(exported, 1800);
}

TEST_F(ExportResponsesTest, AnEmptySurveyEndsAtOnceAndWhatComesLaterIsNotInIt) {
  const auto empty = Open("");
  ASSERT_TRUE(empty.ok());
  EXPECT_THAT(*Next(**empty), IsEmpty());
  Store(4);
  const auto source = Open("");
  Store(5);
  const Part part = Next(**source);
  ASSERT_THAT(*part, SizeIs(1));
  EXPECT_THAT(Scores((*part)[0].responses()), ElementsAre(4));
  EXPECT_THAT(*Next(**source), IsEmpty());
}

}  // namespace
}  // namespace canvass::responses
