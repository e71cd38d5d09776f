#include "client/cli/responses/row_reader.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "client/cli/exit_code.h"
#include "client/cli/responses/export_columns.h"
#include "client/cli/responses/row_ids.h"
#include "client/cli/testing/parse.h"
#include "client/cli/translations/csv.h"

namespace canvass::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kTenant[] = "tenants/acme";
constexpr char kSurvey[] = "tenants/acme/surveys/visit";

const v1::SurveyDefinition& Definition() {
  static const v1::SurveyDefinition definition = ParseSurvey(R"(id: visit
default_language: en
questions:
  - {key: recommend, text: {en: "How likely?"}, nps: }
  - key: reason
    text: {en: "Why?"}
    single_choice:
      options:
        - {key: price, text: {en: The price, cs: Cena}}
        - {key: other, text: {en: Something else}, other: true}
  - key: liked
    text: {en: "Liked?"}
    multiple_choice:
      options:
        - {key: staff, text: {en: Our staff}}
        - {key: food, text: {en: "Food, drinks"}}
        - {key: other, text: {en: Else}, other: true}
  - {key: comment, text: {en: "More?"}, free_text: }
  - key: quality
    text: {en: "Quality?"}
    matrix:
      rows: [{key: speed, text: {en: Speed}}, {key: taste, text: {en: Taste}}]
      columns: [{key: bad, text: {en: Bad}}, {key: good, text: {en: Good}}]
  - key: places
    text: {en: "Order?"}
    ranking: {options: [{key: a, text: {en: Aa}}, {key: b, text: {en: Bb}}]}
  - {key: weight, text: {en: "Weight?"}, number: }
  - {key: visit, text: {en: "When?"}, date: }
  - {key: terms, text: {en: "Agree?"}, consent: {document: d}}
  - {key: note, text: {en: "Note?"}, free_text: }
  - {key: thanks, text: {en: Thanks}, statement: }
hidden_fields:
  - {key: plan, type: text}
  - {key: seats, type: number}
  - {key: trial, type: boolean}
)")
                                                     .definition();
  return definition;
}

absl::StatusOr<ImportMap> MakeMap(const std::string& yaml) {
  if (yaml.empty()) return ImportMap::Make(Definition(), nullptr, "");
  const auto documents = ParseYaml(yaml);
  EXPECT_TRUE(documents.ok()) << documents.status();
  return ImportMap::Make(Definition(), &documents->front(), "map.yaml");
}

RowReader Reader(const std::string& header, const std::string& map = "") {
  auto made = MakeMap(map);
  EXPECT_TRUE(made.ok()) << made.status();
  RowReader reader(*std::move(made), kTenant, kSurvey);
  const absl::Status status = reader.Bind(ParseCsv(header)->at(0).fields, {});
  EXPECT_TRUE(status.ok()) << status;
  return reader;
}

std::vector<Cell> Cells(const std::string& row) {
  std::vector<Cell> cells;
  const std::vector<CsvRow> rows = *ParseCsv(row);
  for (const std::string& field : rows.at(0).fields) cells.push_back({.text = FromSpreadsheetText(field)});
  return cells;
}

v1::SubmitResponseRequest Read(const RowReader& reader, const std::string& row) {
  v1::SubmitResponseRequest request;
  for (const RowFault& fault : reader.Read(Cells(row), request)) {
    ADD_FAILURE() << row << ": " << fault.column << ": " << fault.message;
  }
  return request;
}

std::vector<std::string> Faults(const RowReader& reader, const std::string& row) {
  v1::SubmitResponseRequest request;
  std::vector<std::string> texts;
  for (const RowFault& fault : reader.Read(Cells(row), request)) texts.push_back(fault.column + ": " + fault.message);
  return texts;
}

std::string BindFault(const std::string& header, const std::string& map = "", BindOptions options = {}) {
  auto made = MakeMap(map);
  EXPECT_TRUE(made.ok()) << made.status();
  const absl::Status status =
      RowReader(*std::move(made), kTenant, kSurvey).Bind(ParseCsv(header)->at(0).fields, options);
  return std::string(status.message());
}

void ExpectEquals(const google::protobuf::Message& actual, const std::string& expected) {
  std::unique_ptr<google::protobuf::Message> message(actual.New());
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(expected, message.get()));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(actual, *message)) << actual.DebugString();
}

TEST(RowReaderTest, ColumnsAreWhatTheyAreCalled) {
  const RowReader reader = Reader(
      "answer_time,start_time,contact,language,channel,device,request_id,recommend,reason,reason.other,liked,comment,"
      "quality.speed,quality.taste,places,weight,visit,terms,facts.event.store,facts.contact.tier,dismissed,problem");
  const v1::SubmitResponseRequest request =
      Read(reader,
           "2020-03-01T10:00:00.5+01:00,2020-03-01T09:58:00Z,+420 1/2,cs,in_app,phone,r-1,9,other,the smell,staff;food,"
           "\" Very, \"\"nice\"\"\n\",good,bad,b;a,2.5,2020-02-29,yes,Praha,gold,note,was wrong");
  ExpectEquals(request, R"(
      parent: "tenants/acme" request_id: "r-1"
      response {
        survey: "tenants/acme/surveys/visit" contact: "tenants/acme/contacts/+420%201%2F2"
        language: "cs" channel: CHANNEL_IN_APP device: DEVICE_PHONE
        answer_time { seconds: 1583053200 nanos: 500000000 } start_time { seconds: 1583056680 }
        answers { question: "recommend" score: 9 }
        answers { question: "reason" choice: "other" other_text: "the smell" }
        answers { question: "liked" choices { keys: "staff" keys: "food" } }
        answers { question: "comment" text: " Very, \"nice\"\n" }
        answers { question: "quality" matrix { columns { key: "speed" value: "good" } columns { key: "taste" value: "bad" } } }
        answers { question: "places" ranking { keys: "b" keys: "a" } }
        answers { question: "weight" number: 2.5 }
        answers { question: "visit" date: "2020-02-29" }
        answers { question: "terms" consent: true }
        answers { question: "note" dismissed: true }
        facts {
          fields { key: "event" value { struct_value { fields { key: "store" value { string_value: "Praha" } } } } }
          fields { key: "contact" value { struct_value { fields { key: "tier" value { string_value: "gold" } } } } }
        }
      })");
}

TEST(RowReaderTest, EmptyCellsSayNothingAndTextsOfOptionsStandForThem) {
  const RowReader reader = Reader("recommend,reason,liked,quality.speed,places,answer.note");
  ExpectEquals(Read(reader, " 10 ,Cena,\"Food, drinks\",Good,\"Bb,Aa\",x").response(), R"(
      survey: "tenants/acme/surveys/visit"
      answers { question: "recommend" score: 10 }
      answers { question: "reason" choice: "price" }
      answers { question: "liked" choices { keys: "food" } }
      answers { question: "quality" matrix { columns { key: "speed" value: "good" } } }
      answers { question: "places" ranking { keys: "b" keys: "a" } }
      answers { question: "note" text: "x" })");
  ExpectEquals(Read(reader, ",Something else: the view,\"Our staff;Food, drinks\", , ,").response(), R"(
      survey: "tenants/acme/surveys/visit"
      answers { question: "reason" choice: "other" other_text: "the view" }
      answers { question: "liked" choices { keys: "staff" keys: "food" } })");
  EXPECT_THAT(Faults(reader, ", , ,,,"), ElementsAre(": there is no answer in the row"));
  EXPECT_THAT(Faults(reader, "1,,,,,,7"), ElementsAre(": the row has 7 cells, the header 6"));
}

TEST(RowReaderTest, EveryFaultOfARowIsTold) {
  const RowReader reader = Reader("recommend,reason,liked,quality.speed,weight,visit,terms,answer_time,channel");
  EXPECT_THAT(
      Faults(reader, "nine,prise,staff;fod,fine,1e,2020-02-30,perhaps,yesterday,mail"),
      ElementsAre(HasSubstr("recommend: 'nine' is not a score"),
                  "reason: there is no option 'prise'; did you mean 'price'?",
                  "liked: there is no option 'fod'; did you mean 'food'?",
                  HasSubstr("quality.speed: there is no option 'fine'"), HasSubstr("weight: '1e' is not a number"),
                  HasSubstr("visit: '2020-02-30' is not a date"), HasSubstr("terms: 'perhaps' is not yes or no"),
                  HasSubstr("answer_time: 'yesterday' is not a time"), HasSubstr("channel: there is no 'mail'")));
  EXPECT_THAT(Faults(Reader("recommend,reason.other"), "9,the smell"), ElementsAre(HasSubstr("none is chosen")));
}

TEST(RowReaderTest, AMappingSaysWhatColumnsAre) {
  const RowReader reader = Reader("When,Klient,Branch,Amount,Score,Grund,Internal", R"(
time_format: "%d.%m.%Y %H:%M"
time_zone: Europe/Prague
ignore: [Internal]
columns:
  answer_time: When
  contact: Klient
  language: {value: cs}
  facts.event.store: Branch
  facts.event.total: {column: Amount, type: number}
  recommend:
    column: Score
    values: {Very likely: 10, "11": 10, "-": ""}
    dismissed: [N/A]
  reason: {column: Grund, values: {Teuer: price}, value: other}
)");
  ExpectEquals(Read(reader, "31.01.2020 14:03,7,Praha,12.5,Very likely,Teuer,x").response(), R"(
      survey: "tenants/acme/surveys/visit" contact: "tenants/acme/contacts/7" language: "cs"
      answer_time { seconds: 1580475780 }
      answers { question: "recommend" score: 10 } answers { question: "reason" choice: "price" }
      facts { fields { key: "event" value { struct_value {
        fields { key: "store" value { string_value: "Praha" } }
        fields { key: "total" value { number_value: 12.5 } } } } } })");
  const v1::Response other = Read(reader, "2020-01-31T14:03:00Z,,,,N/A").response();
  EXPECT_EQ(other.answer_time().seconds(), 1580479380);
  ASSERT_THAT(other.answers(), SizeIs(2));
  EXPECT_TRUE(other.answers(0).dismissed());
  EXPECT_EQ(other.answers(1).choice(), "other");
  EXPECT_THAT(Read(reader, ",,,,-").response().answers(), SizeIs(1)) << "what stands for nothing is no answer";
  EXPECT_THAT(Faults(reader, "1.13.2020 1:00,,,many,1"),
              ElementsAre(HasSubstr("When: '1.13.2020 1:00' is not a time of the form %d.%m.%Y"),
                          "Amount: 'many' is not a number"));
  EXPECT_THAT(reader.LeftOut(), ElementsAre("Internal"));
}

TEST(RowReaderTest, TimesOfAZone) {
  TimeForm prague = {.format = "%d.%m.%Y %H:%M", .zone = absl::TimeZone()};
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Prague", &*prague.zone));
  const auto text = [&](const std::string& time) {
    const auto read = ReadTime(time, prague);
    return read.ok() ? absl::FormatTime("%Y-%m-%dT%H:%MZ", *read, absl::UTCTimeZone())
                     : std::string(read.status().message());
  };
  EXPECT_EQ(text("15.07.2021 12:00"), "2021-07-15T10:00Z");
  EXPECT_EQ(text("15.01.2021 12:00"), "2021-01-15T11:00Z");
  EXPECT_EQ(text("31.10.2021 02:30"), "2021-10-31T00:30Z") << "the first of the two";
  EXPECT_THAT(text("28.03.2021 02:30"), HasSubstr("no such time in Europe/Prague"));
  EXPECT_EQ(text("2021-07-15T12:00:00+00:00"), "2021-07-15T12:00Z") << "what says its zone is in it";
  prague.format.clear();
  EXPECT_EQ(text("2021-07-15 12:00"), "2021-07-15T10:00Z");
  EXPECT_EQ(text("2021-07-15T12:00:30.5"), "2021-07-15T10:00Z");
  EXPECT_EQ(text("2021-07-15"), "2021-07-14T22:00Z");
  EXPECT_THAT(text("infinite-future"), HasSubstr("is not a time"));
  EXPECT_FALSE(ReadTime("2021-07-15 12:00", {}).ok()) << "of an unknown zone";
  EXPECT_EQ(ReadTime("2021-07-15", {}).value_or(absl::InfinitePast()), absl::FromUnixSeconds(1626307200));
  EXPECT_EQ(ReadTime("1626307200", {.format = "%s"}).value_or(absl::InfinitePast()), absl::FromUnixSeconds(1626307200));
}

TEST(RowReaderTest, UnknownColumnsAreNamed) {
  EXPECT_THAT(BindFault("recomend,thanks,facts.store,quality"),
              AllOf(HasSubstr("column 'recomend' is neither a question of the survey nor another field; did you mean "
                              "'recommend'?"),
                    HasSubstr("column 'thanks'"), HasSubstr("column 'facts.store' is not a fact")));
  EXPECT_EQ(BindFault("recomend,recommend", "", {.ignore_unknown = true}), "");
  EXPECT_THAT(BindFault("Score", "columns: {recommend: Skore}"),
              AllOf(HasSubstr("there is no column 'Skore', which the mapping says is recommend; did you mean 'Score'?"),
                    HasSubstr("column 'Score' is neither")));
}

TEST(RowReaderTest, FaultsOfAMappingAreToldWithTheirLines) {
  const auto map = MakeMap(R"(
time_format: nonsense
time_zone: Europe/Brno
colums: {}
columns:
  recomend: Score
  recommend: {colum: Score}
  contact: {column: C, type: number}
  note.x: X
  tags: T
)");
  ASSERT_FALSE(map.ok());
  EXPECT_TRUE(IsUsageError(map.status()));
  for (const char* part :
       {"map.yaml:2: time_format", "map.yaml:3: time_zone: 'Europe/Brno'", "did you mean 'columns'?",
        "map.yaml:6: columns.recomend", "columns.recommend.colum: is unknown; did you mean 'column'?",
        "columns.contact.type: is for facts alone", "columns.note.x", "columns.tags: cannot be imported"}) {
    EXPECT_THAT(map.status().message(), HasSubstr(part));
  }
}

TEST(RowReaderTest, WhatTheServerRefusesIsLedBackToTheColumn) {
  const RowReader reader = Reader("Score,quality.speed,answer_time", "columns: {recommend: Score}");
  const v1::SubmitResponseRequest request = Read(reader, "11,good,2020-01-01");
  const auto faults = reader.FaultsOf(Parse<v1::Problem>(R"(
      violations { field: "response.answers[1].score" description: "a" }
      violations { field: "response.answers[0].matrix" description: "b" }
      violations { field: "response.answer_time" description: "c" }
      violations { field: "response.answers[9]" description: "d" })"),
                                      request);
  std::vector<std::string> texts;
  for (const RowFault& fault : faults) texts.push_back(fault.column + ": " + fault.message);
  // What the mapping names comes first.
  EXPECT_THAT(texts, ElementsAre("quality.speed: a", "Score: b", "answer_time: c", "response.answers[9]: d"));
  EXPECT_EQ(reader.FaultsOf(Parse<v1::Problem>("message: 'closed'"), request).at(0).message, "closed");
}

TEST(RowIdsTest, AreTheSameForTheSameRowOfTheSameImport) {
  RowIds ids("visit/a.csv");
  RowIds again("visit/a.csv");
  RowIds other("visit/b.csv");
  const std::string first = ids.Next("9,x");
  EXPECT_EQ(first, "import-8d352c95cbfa15b8d7afd589a2c3b020") << "imports that began with another version go on";
  const std::string twin = ids.Next("9,x");
  EXPECT_NE(first, twin) << "rows that are alike are told apart";
  EXPECT_NE(first, other.Next("9,x"));
  // Whatever stands between them.
  EXPECT_NE(again.Next("8,x"), first);
  EXPECT_EQ(again.Next("9,x"), first);
  EXPECT_EQ(again.Next("9,x"), twin);
}

TEST(RowReaderTest, ReadsHiddenFieldsAsTheyAreDeclared) {
  const RowReader reader = Reader("recommend,hidden.plan,Seats,facts.hidden.trial", "columns: {hidden.seats: Seats}");
  ExpectEquals(Read(reader, "9,12,0012,yes").response().facts(), R"(
      fields { key: "hidden" value { struct_value {
        fields { key: "plan" value { string_value: "12" } }
        fields { key: "seats" value { number_value: 12 } }
        fields { key: "trial" value { bool_value: true } } } } })");
  EXPECT_FALSE(Read(reader, "9,,,").response().has_facts());
  EXPECT_THAT(Faults(reader, "9,pro,many,maybe"),
              ElementsAre("Seats: 'many' is not a number", "facts.hidden.trial: 'maybe' is neither true nor false"));
  EXPECT_THAT(BindFault("recommend,hidden.plam"), HasSubstr("did you mean 'hidden.plan'?"));
  // What the server says of a field is said of its column.
  v1::Problem problem;
  problem.add_violations()->set_field("response.facts.hidden.seats");
  const std::vector<RowFault> faults = reader.FaultsOf(problem, Read(reader, "9,pro,5,"));
  ASSERT_THAT(faults, SizeIs(1));
  EXPECT_EQ(faults[0].column, "Seats");
}

TEST(ExportColumnsTest, WritesWhatAnImportReads) {
  v1::SurveyVersion version;
  *version.mutable_definition() = Definition();
  v1::SurveyVersion before = Parse<v1::SurveyVersion>(R"(
      version: 1 definition { questions { key: "old" nps {} } questions { key: "recommend" nps {} } })");
  const ExportColumns columns({version, before}, {"event.store", "facts.event.total", "event.none.at.all"});
  EXPECT_EQ(columns.Header(),
            "response,answer_time,start_time,create_time,survey_version,contact,language,channel,device,recommend,"
            "reason,reason.other,liked,liked.other,comment,quality.speed,quality.taste,places,weight,visit,terms,"
            "answer.note,old,dismissed,tags,note,excluded,hidden.plan,hidden.seats,hidden.trial,facts.event.store,"
            "facts.event.total,facts.event.none.at.all"
            "\r\n");
  const v1::Response response = Parse<v1::Response>(R"(
      name: "tenants/acme/responses/r1" survey: "tenants/acme/surveys/visit" survey_version: 2
      contact: "tenants/acme/contacts/@7" language: "cs" channel: CHANNEL_IN_APP device: DEVICE_KIOSK
      answer_time { seconds: 1583053200 nanos: 500000000 } create_time { seconds: 1583053200 }
      answers { question: "reason" choice: "other" other_text: "-1 star" }
      answers { question: "liked" choices { keys: "staff" keys: "other" } other_text: "a;b:c" }
      answers { question: "comment" text: "=HYPERLINK(\"x\";\"y\")\n" }
      answers { question: "quality" matrix { columns { key: "taste" value: "bad" } } }
      answers { question: "places" ranking { keys: "b" } }
      answers { question: "weight" number: -0.1 }
      answers { question: "terms" consent: false }
      answers { question: "note" text: "'@x" }
      answers { question: "recommend" dismissed: true }
      tags: "a" tags: "b" note: "+1" exclusion { reason: "a test" }
      facts { fields { key: "event" value { struct_value {
        fields { key: "store" value { string_value: "Praha" } }
        fields { key: "total" value { number_value: 0.1 } } } } }
        fields { key: "hidden" value { struct_value {
        fields { key: "plan" value { string_value: "@pro" } }
        fields { key: "seats" value { number_value: 5.5 } }
        fields { key: "trial" value { bool_value: true } } } } } })");
  const std::string row = columns.Row(response);
  EXPECT_EQ(row,
            "r1,2020-03-01T09:00:00.5Z,,2020-03-01T09:00:00Z,2,'@7,cs,in_app,kiosk,,other,'-1 star,\"staff;other\","
            "\"a;b:c\",\"'=HYPERLINK(\"\"x\"\";\"\"y\"\")\n\",,bad,b,-0.1,,no,''@x,,recommend,\"a;b\",'+1,a "
            "test,'@pro,5.5,true,Praha,"
            "0.1,\r\n");
  const RowReader reader = [&] {
    RowReader made(*MakeMap(""), kTenant, kSurvey);
    EXPECT_TRUE(made.Bind(ParseCsv(columns.Header())->at(0).fields, {.ignore_unknown = true}).ok());
    return made;
  }();
  v1::Response read = Read(reader, row).response();
  // The time of storing, the version and staff's words are not taken in; facts of a table are texts.
  v1::Response expected = response;
  expected.clear_name();
  expected.clear_survey_version();
  expected.clear_create_time();
  expected.clear_tags();
  expected.clear_note();
  expected.clear_exclusion();
  expected.clear_facts();
  EXPECT_EQ(read.facts().fields().at("event").struct_value().fields().at("store").string_value(), "Praha");
  ExpectEquals(read.facts().fields().at("hidden"), response.facts().fields().at("hidden").ShortDebugString());
  read.clear_facts();
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(read, expected)) << read.DebugString();
}

TEST(SpreadsheetTextTest, OnlyWhatLooksLikeAFormulaIsMarkedAndComesBack) {
  for (const char* text : {"=1", "+1", "-1", "@x", "'=1", "''+", "'", "it's", "a=b", "", "'quoted'", "\t=1"}) {
    EXPECT_EQ(FromSpreadsheetText(SpreadsheetText(text)), text);
  }
  EXPECT_EQ(SpreadsheetText("=1"), "'=1");
  EXPECT_EQ(SpreadsheetText("'quoted'"), "'quoted'");
}

}  // namespace
}  // namespace canvass::cli
