#include "client/cli/documents/resources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "client/cli/documents/record_reader.h"
#include "client/cli/exit_code.h"

namespace canvass::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr DocumentContext kContext = {.source = "s.yaml", .tenant = "tenants/-"};

Node OneDocument(const std::string& text) {
  const absl::StatusOr<std::vector<Node>> nodes = ParseYaml(text);
  EXPECT_TRUE(nodes.ok()) << nodes.status();
  EXPECT_EQ(nodes->size(), 1U);
  return nodes->front();
}

v1::Survey GoodSurvey(const std::string& text) {
  const auto document = ReadSurvey(OneDocument(text), kContext);
  EXPECT_TRUE(document.ok()) << document.status();
  return document.ok() ? document->message : v1::Survey();
}

// The lines of the refusal.
std::string BadSurvey(const std::string& text) {
  const auto document = ReadSurvey(OneDocument(text), kContext);
  EXPECT_TRUE(IsUsageError(document.status())) << document.status();
  return std::string(document.status().message());
}

constexpr char kSurvey[] = R"(id: post-purchase
display_name: After a purchase
default_language: en
breakdowns: [event.store, response.language]
questions:
  - key: recommend
    text: How likely are you to recommend us?
    required: true
    nps:
  - key: overall
    text:
      en: How satisfied are you?
      fr: Êtes-vous satisfait ?
    csat: {points: 7}
  - key: effort
    text: It was easy
    ces:
      direction: effort-is-high
  - key: reason
    text: Why?
    single_choice:
      options:
        - {key: price, text: The price}
        - key: no
          text: No reason
  - key: comment
    text: Anything else?
    free_text: {max_length: 500}
)";

TEST(SurveyDocumentTest, ReadsWhatAPersonWrites) {
  const v1::Survey survey = GoodSurvey(kSurvey);
  EXPECT_EQ(survey.name(), "tenants/-/surveys/post-purchase");
  EXPECT_EQ(survey.display_name(), "After a purchase");
  const v1::SurveyDefinition& definition = survey.definition();
  EXPECT_EQ(definition.default_language(), "en");
  EXPECT_THAT(definition.breakdowns(), ::testing::ElementsAre("event.store", "response.language"));
  ASSERT_EQ(definition.questions_size(), 5);
  EXPECT_EQ(definition.questions(0).text().at("en"), "How likely are you to recommend us?");
  EXPECT_TRUE(definition.questions(0).required());
  EXPECT_TRUE(definition.questions(0).has_nps());
  EXPECT_EQ(definition.questions(1).text().at("fr"), "Êtes-vous satisfait ?");
  EXPECT_EQ(definition.questions(1).csat().points(), 7);
  EXPECT_EQ(definition.questions(2).ces().direction(), v1::CesQuestion::DIRECTION_EFFORT_IS_HIGH);
  // Keys and texts are texts, whatever YAML may think of `no`.
  EXPECT_EQ(definition.questions(3).single_choice().options(1).key(), "no");
  EXPECT_EQ(definition.questions(3).single_choice().options(1).text().at("en"), "No reason");
  EXPECT_EQ(definition.questions(4).free_text().max_length(), 500);
}

TEST(SurveyDocumentTest, ReadsWhatGetPrints) {
  const v1::Survey survey = GoodSurvey(R"(
name: tenants/acme/surveys/post-purchase
definition:
  default_language: en
  questions:
    - key: recommend
      text: {en: "Recommend us?"}
      nps: {}
state: STATE_PUBLISHED
published_version: 3
update_time: '2026-01-02T03:04:05.678901Z'
etag: "17"
)");
  EXPECT_EQ(survey.name(), "tenants/acme/surveys/post-purchase");
  EXPECT_TRUE(survey.definition().questions(0).has_nps());
  EXPECT_EQ(survey.state(), v1::Survey::STATE_UNSPECIFIED);
  EXPECT_EQ(survey.published_version(), 0);
  EXPECT_FALSE(survey.has_update_time());
  EXPECT_EQ(survey.etag(), "17");
}

TEST(SurveyDocumentTest, ReportsEveryFaultWithLineAndPath) {
  EXPECT_EQ(
      BadSurvey(R"(id: x
displayname: X
default_language: en
questions:
  - key: a
    txt: A
    nps: {}
    csat: {}
  - key: b
    kind: nps
  - key: c
    csat: {points: five}
    required: yes
  - key: d
    ces: {direction: up}
    key: e
  - 5
)"),
      "s.yaml:2: displayname: is unknown; did you mean 'display_name'?\n"
      "s.yaml:6: questions[0].txt: is unknown; did you mean 'text'?\n"
      "s.yaml:8: questions[0].csat: cannot stand beside 'nps'; only one of nps, csat, ces, single_choice, "
      "multiple_choice, free_text, rating, matrix, ranking, number, date, consent, statement\n"
      "s.yaml:10: questions[1].kind: is not written; use the kind's own name as the field: one of nps, csat, ces, "
      "single_choice, multiple_choice, free_text, rating, matrix, ranking, number, date, consent, statement\n"
      "s.yaml:12: questions[2].csat.points: 'five' is not a number\n"
      "s.yaml:13: questions[2].required: 'yes' is neither true nor false\n"
      "s.yaml:15: questions[3].ces.direction: there is no 'up'; known: ease_is_high, effort_is_high\n"
      "s.yaml:16: questions[3].key: is given twice\n"
      "s.yaml:17: questions[4]: expected fields (key, text, help, required, show_if, routes, tags, nps, csat, ces, "
      "single_choice, multiple_choice, free_text, rating, matrix, ranking, number, date, consent, statement), not '5'");
}

TEST(SurveyDocumentTest, NeedsAnIdAndALanguageForPlainTexts) {
  EXPECT_EQ(BadSurvey("questions: [{key: a, text: A}]"),
            "s.yaml:1: id: is missing\n"
            "s.yaml:1: questions[0].text: is one text, but default_language, which would say its language, is not set");
  EXPECT_THAT(BadSurvey("{id: a, name: tenants/-/surveys/b}"), HasSubstr("one of them is enough"));
  EXPECT_THAT(BadSurvey("- a"), HasSubstr("expected a map of fields"));
}

TEST(SurveyDocumentTest, TheDefinitionStandsInOnePlace) {
  EXPECT_EQ(BadSurvey("id: a\ndefinition: {default_language: en}\nbreakdowns: []\n"),
            "s.yaml:3: breakdowns: belongs under 'definition', since the file has one");
}

TEST(SurveyDocumentTest, LeadsTheServersPathsBackToLines) {
  const auto document = ReadSurvey(OneDocument(kSurvey), kContext);
  ASSERT_TRUE(document.ok());
  const Locations& locations = document->locations;
  EXPECT_EQ(locations.Find("survey.definition.questions[1].csat.points"), "s.yaml:14");
  EXPECT_EQ(locations.Find("definition.questions[3].single_choice.options[0].text"), "s.yaml:23");
  EXPECT_EQ(locations.Find("questions[1].text.fr"), "s.yaml:13");
  EXPECT_EQ(locations.Find("survey.definition.breakdowns[7]"), "s.yaml:4");
  EXPECT_EQ(locations.Find("survey.display_name"), "s.yaml:2");
  EXPECT_EQ(locations.Find("parent"), "s.yaml:1");
}

TEST(TriggerDocumentTest, ReadsDurationsConditionsAndShortNames) {
  const auto document = ReadTrigger(OneDocument(R"(
id: after-delivery
event_type: order.delivered
survey: post-purchase
condition: event.total > 50 AND contact.country = "FR"
delay: 24h
frequency_cap: {interval: 30d, scope: tenant}
channel: in_app
invitation_lifetime: 1w12h
)"),
                                    kContext);
  ASSERT_TRUE(document.ok()) << document.status();
  const v1::Trigger& trigger = document->message;
  EXPECT_EQ(trigger.name(), "tenants/-/triggers/after-delivery");
  EXPECT_EQ(trigger.survey(), "tenants/-/surveys/post-purchase");
  EXPECT_EQ(trigger.condition().text(), R"(event.total > 50 AND contact.country = "FR")");
  EXPECT_EQ(trigger.delay().seconds(), 86400);
  EXPECT_EQ(trigger.frequency_cap().interval().seconds(), 30 * 86400);
  EXPECT_EQ(trigger.frequency_cap().scope(), v1::FrequencyCap::SCOPE_TENANT);
  EXPECT_EQ(trigger.channel(), v1::Invitation::CHANNEL_IN_APP);
  EXPECT_EQ(trigger.invitation_lifetime().seconds(), 7 * 86400 + 12 * 3600);
}

TEST(TriggerDocumentTest, ReadsStructuredConditions) {
  const auto document = ReadTrigger(OneDocument(R"(
id: t
condition:
  all:
    - compare: {field: event.total, operator: greater, value: 50}
    - not: 'contact.vip = true'
    - any: []
)"),
                                    kContext);
  ASSERT_TRUE(document.ok()) << document.status();
  const v1::Condition& condition = document->message.condition();
  ASSERT_EQ(condition.all().conditions_size(), 3);
  EXPECT_EQ(condition.all().conditions(0).compare().operator_(), v1::Comparison::OPERATOR_GREATER);
  EXPECT_EQ(condition.all().conditions(0).compare().value().number_value(), 50);
  EXPECT_EQ(condition.all().conditions(1).not_().text(), "contact.vip = true");
  EXPECT_TRUE(condition.all().conditions(2).has_any());
}

TEST(TriggerDocumentTest, RefusesDurationsWithoutUnit) {
  const auto document = ReadTrigger(OneDocument("id: t\ndelay: 24\nfrequency_cap:\n  interval: 30 days\n"), kContext);
  EXPECT_THAT(std::string(document.status().message()), StartsWith("s.yaml:2: delay: '24' is not a duration"));
  EXPECT_THAT(std::string(document.status().message()), HasSubstr("\ns.yaml:4: frequency_cap.interval: '30 days'"));
}

TEST(EventDocumentTest, KeepsTypesOfData) {
  const auto document = ReadEvent(OneDocument(R"(
source: /shop
id: 1001
type: order.delivered
subject: "42"
time: 2017-05-10T14:03:00+02:00
data: {total: 59.9, count: 3, vip: true, zip: "01234", when: 2017-05-10, none: null, version: 1.2.3, tags: [a, 5]}
)"),
                                  kContext);
  ASSERT_TRUE(document.ok()) << document.status();
  const v1::Event& event = document->message;
  EXPECT_EQ(event.id(), "1001");
  EXPECT_EQ(event.subject(), "42");
  EXPECT_EQ(event.time().seconds(), 1494417780);
  const auto& data = event.data().fields();
  EXPECT_EQ(data.at("total").number_value(), 59.9);
  EXPECT_EQ(data.at("count").number_value(), 3);
  EXPECT_TRUE(data.at("vip").bool_value());
  EXPECT_EQ(data.at("zip").string_value(), "01234");
  EXPECT_EQ(data.at("when").string_value(), "2017-05-10");
  EXPECT_TRUE(data.at("none").has_null_value());
  EXPECT_EQ(data.at("version").string_value(), "1.2.3");
  EXPECT_EQ(data.at("tags").list_value().values(1).number_value(), 5);
}

TEST(EventDocumentTest, RefusesNumbersThatWouldBeRounded) {
  const auto document = ReadEvent(OneDocument("{data: {order: 12345678901234567890}}"), kContext);
  EXPECT_THAT(std::string(document.status().message()),
              HasSubstr("data.order: 12345678901234567890 is too large to be exact as a number; write it in quotes"));
}

TEST(ContactDocumentTest, EncodesTheExternalId) {
  const auto document = ReadContact(OneDocument("{id: a/b c, attributes: {country: NO}}"), kContext);
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->message.name(), "tenants/-/contacts/a%2Fb%20c");
  EXPECT_EQ(document->message.attributes().fields().at("country").string_value(), "NO");
}

TEST(ResponseDocumentTest, ReadsASubmission) {
  const auto document = ReadResponse(OneDocument(R"(
survey: post-purchase
contact: customer-7
invitation_token: cvi_x
request_id: r-1
answers:
  - {question: recommend, score: 9}
  - {question: reasons, choices: [price, quality]}
  - {question: comment, text: Fine}
  - {question: overall, dismissed: true}
)"),
                                     kContext);
  ASSERT_TRUE(document.ok()) << document.status();
  const v1::SubmitResponseRequest& request = document->message;
  EXPECT_EQ(request.parent(), "tenants/-");
  EXPECT_EQ(request.invitation_token(), "cvi_x");
  EXPECT_EQ(request.request_id(), "r-1");
  EXPECT_EQ(request.response().survey(), "tenants/-/surveys/post-purchase");
  EXPECT_EQ(request.response().contact(), "tenants/-/contacts/customer-7");
  ASSERT_EQ(request.response().answers_size(), 4);
  EXPECT_EQ(request.response().answers(0).score(), 9);
  EXPECT_EQ(request.response().answers(1).choices().keys(1), "quality");
  EXPECT_TRUE(request.response().answers(3).dismissed());
}

TEST(NodeTest, SaysWhereYamlIsWrong) {
  EXPECT_THAT(std::string(ParseYaml("a: 1\nb: [\n").status().message()), StartsWith("3: this is not YAML"));
  EXPECT_THAT(std::string(ParseYaml("a: 1\nb: caf\xE9\n").status().message()), StartsWith("2: this is not UTF-8"));
  EXPECT_THAT(std::string(ParseYaml("a: {en: Why?}").status().message()), HasSubstr("in quotes"));
  EXPECT_FALSE(ParseYaml(std::string(2000, '[')).ok());
}

TEST(NodeTest, JsonIsAHundredDeepAtMost) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(ParseJson(nested(100), 3).ok());
  for (const std::size_t depth : {101, 1'000'000}) {
    EXPECT_EQ(ParseJson(nested(depth), 3).status().message(), "3: this is nested too deep") << depth;
  }
}

TEST(NodeTest, AliasesCannotBlowUp) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 1; j < 10; ++j) bomb += ", " + before;
    bomb += "]\n";
  }
  EXPECT_THAT(std::string(ParseYaml(bomb).status().message()), HasSubstr("too large"));
}

// All records, or the first fault.
std::string Records(const std::string& text) {
  std::istringstream input(text);
  RecordReader reader = RecordReader::From(input, "f");
  std::string lines;
  while (true) {
    const absl::StatusOr<std::optional<Node>> record = reader.Next();
    if (!record.ok()) return lines + std::string(record.status().message());
    if (!record->has_value()) return lines;
    lines += std::to_string((*record)->line) + ":" + (*record)->members.at(0).key + " ";
  }
}

TEST(RecordReaderTest, TakesEveryForm) {
  EXPECT_EQ(Records("{\"a\": 1}\n\n{\"b\": 2}\n"), "1:a 3:b ");
  EXPECT_EQ(Records("a: 1\n---\nb: 2\n---\n"), "1:a 3:b ");
  EXPECT_EQ(Records("# a list\n- a: 1\n- b: 2\n"), "2:a 3:b ");
  EXPECT_EQ(Records("[{\"a\": 1},\n {\"b\": 2}]"), "1:a 2:b ");
  EXPECT_EQ(Records("{\n  \"a\": 1\n}\n"), "1:a ");
  EXPECT_EQ(Records(""), "");
  EXPECT_EQ(Records("{\"a\": \"\\ud83d\\udc4d\"}"), "1:a ");
  EXPECT_EQ(Records("[\n{\"a\": \"\\ud83d\\udc4d\"}]"), "1:a ");
}

TEST(RecordReaderTest, SaysWhichLineIsBad) {
  EXPECT_EQ(Records("{\"a\": 1}\n{\"b\": \n"), "1:a f:2: this is not JSON");
  EXPECT_EQ(Records("a: b: c\n").substr(0, 22), "f:1: this is not YAML:");
}

TEST(RecordReaderTest, SaysWhichFileCannotBeRead) {
  const auto reader = RecordReader::Open("/nonexistent/s.yaml");
  EXPECT_TRUE(IsUsageError(reader.status()));
  EXPECT_THAT(std::string(reader.status().message()), HasSubstr("cannot read /nonexistent/s.yaml: No such file"));
}

}  // namespace
}  // namespace canvass::cli
