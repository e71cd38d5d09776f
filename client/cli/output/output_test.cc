// Tables, JSON and YAML, errors, conditions and metrics as text.

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/cord.h"
#include "absl/strings/str_split.h"
#include "canvass/v1/decision_service.pb.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"
#include "canvass/v1/trigger.pb.h"
#include "client/charts/text_width.h"
#include "client/cli/documents/resources.h"
#include "client/cli/exit_code.h"
#include "client/cli/output/condition_view.h"
#include "client/cli/output/error_text.h"
#include "client/cli/output/message_json.h"
#include "client/cli/output/metric_view.h"
#include "client/cli/output/printer.h"
#include "client/cli/output/survey_view.h"
#include "client/cli/output/table.h"
#include "client/cli/output/yaml.h"
#include "client/cli/testing/parse.h"
#include "client/cpp/status.h"

namespace canvass::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr charts::ChartStyle kPlain = {.width = 80};

TEST(TableTest, AlignsByDisplayWidth) {
  Table table({{"NAME"}, {"N", Align::kRight}});
  table.AddRow({"空港", "5"});
  table.AddRow({"a\tb\x1b[2J", "1,234"});
  EXPECT_EQ(table.Render(kPlain, 0),
            "NAME         N\n"
            "空港         5\n"
            "a b\xEF\xBF\xBD[2J  1,234\n");
}

TEST(TableTest, CutsTextsToFitButNoIds) {
  Table table({{"ID"}, {.title = "TEXT", .fit = Fit::kCut}});
  table.AddRow({"short", std::string(100, 'x')});
  const std::string text = table.Render(kPlain, 40);
  for (const absl::string_view line : absl::StrSplit(text, '\n')) EXPECT_LE(charts::DisplayWidth(line), 40);
  EXPECT_THAT(text, HasSubstr("short  xxxx"));
  EXPECT_THAT(text, HasSubstr("…"));
  EXPECT_THAT(table.Render(kPlain, 0), HasSubstr(std::string(100, 'x')));
  Table ids({{"ID"}});
  ids.AddRow({std::string(100, 'x')});
  EXPECT_THAT(ids.Render(kPlain, 40), HasSubstr(std::string(100, 'x')));
}

TEST(MessageJsonTest, MapsHaveAnOrder) {
  v1::Survey survey;
  auto& text = *survey.mutable_definition()->add_questions()->mutable_text();
  for (const char* language : {"pl", "en", "cs", "fr", "de"}) text[language] = language;
  EXPECT_EQ(ToJson(survey)["definition"]["questions"][0]["text"].dump(),
            R"({"cs":"cs","de":"de","en":"en","fr":"fr","pl":"pl"})");
}

TEST(MessageJsonTest, SaysWhatProtobufsOwnJsonSays) {
  for (const char* text : {
           R"(name: "r" survey_version: -2 channel: CHANNEL_IN_APP device: 77 note: "\"\\\n\001č" tags: "a" tags: ""
              start_time { seconds: -5 nanos: 1000 } answer_time { seconds: 1583053200 nanos: 500000000 }
              create_time {} update_time { nanos: 7 } duration { seconds: 90 nanos: 250000000 } exclusion {}
              answers { question: "q" number: 5 } answers { question: "w" number: -0.1 } answers { number: 1e21 }
              answers { dismissed: false } answers { consent: true } answers { choices { keys: "a" } } answers {}
              answers { matrix { columns { key: "b" value: "x" } columns { key: "a" value: "" } } })",
           R"(facts { fields { key: "event" value { struct_value {
                fields { key: "l" value { list_value { values { number_value: 1e15 } values { null_value: 0 } } } }
                fields { key: "e" value { struct_value {} } } fields { key: "b" value { bool_value: false } }
                fields { key: "f" value { list_value {} } } fields { key: "n" value { number_value: 0.30000000000000004 } }
              } } } })",
           "facts {}", ""}) {
    const auto response = Parse<v1::Response>(text);
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    std::string own;
    ASSERT_TRUE(google::protobuf::util::MessageToJsonString(response, &own, options).ok());
    EXPECT_EQ(nlohmann::json(ToJson(response)), nlohmann::json::parse(own)) << own;
  }
}

TEST(MessageJsonTest, CountsAreNumbers) {
  const auto count = Parse<v1::CountDecisionsResponse>("counts { trigger: 't' count: 12345678901 }");
  EXPECT_EQ(ToJson(count).dump(), R"({"counts":[{"trigger":"t","count":12345678901}]})");
}

TEST(MessageJsonTest, TextsThatLookLikeNumbersStayTexts) {
  const auto survey = Parse<v1::Survey>("name: '12' etag: '17' definition { questions { key: 'a' nps {} } }");
  EXPECT_EQ(ToJson(survey).dump(), R"({"name":"12","definition":{"questions":[{"key":"a","nps":{}}]},"etag":"17"})");
}

TEST(YamlTextTest, WritesBlocks) {
  const auto json = nlohmann::ordered_json::parse(
      R"({"a": "plain text", "list": [{"k": 1, "l": [true, "x"]}, {}, []], "map": {"b": null}})");
  EXPECT_EQ(YamlText(json),
            "a: plain text\n"
            "list:\n"
            "  - k: 1\n"
            "    l:\n"
            "      - true\n"
            "      - x\n"
            "  - {}\n"
            "  - []\n"
            "map:\n"
            "  b: null\n");
}

TEST(YamlTextTest, ReadsBackAsItWas) {
  nlohmann::ordered_json json;
  for (const char* text :
       {"true",       "no",   "12",    "1e3",         "",      " x",  "x ",   "- x", "a: b", "a #b", "# a",
        "2017-05-10", "'q'",  "\"q\"", "line\nbreak", "tab\t", "{x}", "*x",   "&x",  "!x",   "%x",   "@x",
        "é空👍",      "why?", "a,b",   "null",        "~",     "x:",  "0x10", ".5",  "=",    "\x01", "\\n"}) {
    json[std::string("k") + std::to_string(json.size())] = text;
  }
  json["true"] = "key that looks like something else";
  const absl::StatusOr<std::vector<Node>> nodes = ParseYaml(YamlText(json));
  ASSERT_TRUE(nodes.ok()) << nodes.status() << "\n" << YamlText(json);
  std::size_t i = 0;
  for (const auto& [key, value] : json.items()) {
    EXPECT_EQ(nodes->front().members[i].key, key);
    EXPECT_EQ(nodes->front().members[i].value.text, value.get<std::string>()) << YamlText(json);
    ++i;
  }
}

TEST(YamlTextTest, WhatGetPrintsCanBeApplied) {
  const auto survey = Parse<v1::Survey>(R"(
    name: "tenants/-/surveys/s" display_name: "Why?" etag: "3"
    definition {
      default_language: "en"
      questions { key: "no" text { key: "en" value: "Yes: or no?" } csat { points: 7 } }
      breakdowns: "event.x"
    })");
  const absl::StatusOr<std::vector<Node>> nodes = ParseYaml(YamlText(ToJson(survey)));
  ASSERT_TRUE(nodes.ok()) << nodes.status();
  const auto again = ReadSurvey(nodes->front(), {.source = "s", .tenant = "tenants/-"});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->message.DebugString(), survey.DebugString());
}

TEST(PrinterTest, PrintsEveryForm) {
  const std::vector<v1::Survey> surveys = {Parse<v1::Survey>("name: 'tenants/a/surveys/x'"),
                                           Parse<v1::Survey>("name: 'tenants/a/surveys/y' published_version: 2")};
  const Columns<v1::Survey> columns = {{{"NAME"}, [](const v1::Survey& s) { return s.name(); }}};
  const Terminal terminal;
  const auto print = [&](Format format) {
    std::ostringstream out;
    std::ostringstream err;
    Printer printer(format, terminal, out, err);
    EXPECT_TRUE(printer.PrintList(surveys, columns).ok());
    EXPECT_EQ(err.str(), "");
    return out.str();
  };
  EXPECT_EQ(print(Format::kTable), "NAME\ntenants/a/surveys/x\ntenants/a/surveys/y\n");
  EXPECT_EQ(print(Format::kName), "tenants/a/surveys/x\ntenants/a/surveys/y\n");
  EXPECT_EQ(print(Format::kYaml), "name: tenants/a/surveys/x\n---\nname: tenants/a/surveys/y\npublished_version: 2\n");
  EXPECT_EQ(nlohmann::json::parse(print(Format::kJson)).size(), 2U);
}

TEST(PrinterTest, WhatHasNoNameSaysSo) {
  const Terminal terminal;
  std::ostringstream out;
  Printer printer(Format::kName, terminal, out, out);
  const Columns<v1::DecisionCount> columns = {{{"N"}, [](const v1::DecisionCount&) { return ""; }}};
  EXPECT_TRUE(IsUsageError(printer.PrintList<v1::DecisionCount>({v1::DecisionCount()}, columns)));
}

absl::Status Refusal() {
  v1::Problem problem;
  problem.set_code(static_cast<int>(absl::StatusCode::kInvalidArgument));
  problem.set_reason(v1::ERROR_REASON_INVALID_SURVEY);
  problem.set_message("definition.questions[1].key: is used twice (and 1 more)");
  for (const char* field : {"definition.questions[1].key", "definition.breakdowns[0]"}) {
    problem.add_violations()->set_field(field);
    problem.mutable_violations()->rbegin()->set_description("is \x1b[31mwrong");
  }
  absl::Status status = client::FromProblem(problem);
  client::SetRequestId(status, "r-1");
  return status;
}

TEST(ErrorTextTest, TellsEverything) {
  Locations locations("s.yaml", 1);
  locations.Add("questions[1].key", 9);
  EXPECT_EQ(ErrorText(Refusal(), {.locations = &locations}, kPlain),
            "error: the server refused 2 fields\n"
            "  s.yaml:9: definition.questions[1].key: is \xEF\xBF\xBD[31mwrong\n"
            "  s.yaml:1: definition.breakdowns[0]: is \xEF\xBF\xBD[31mwrong\n"
            "  reason: INVALID_SURVEY, request r-1\n"
            "  next: correct the file and apply it again\n");
}

TEST(ErrorTextTest, SaysWhatToDoAboutConnectionsAndKeys) {
  const ErrorContext context = {.address = "a:1", .credential_source = "context 'demo'"};
  EXPECT_THAT(ErrorText(absl::UnavailableError("connection refused"), context, kPlain),
              HasSubstr("is a server listening at a:1?"));
  EXPECT_THAT(ErrorText(absl::DeadlineExceededError("late"), context, kPlain), HasSubstr("--timeout"));
  v1::Problem problem;
  problem.set_code(static_cast<int>(absl::StatusCode::kUnauthenticated));
  problem.set_reason(v1::ERROR_REASON_CREDENTIAL_INVALID);
  EXPECT_THAT(ErrorText(client::FromProblem(problem), context, kPlain), HasSubstr("the key came from context 'demo'"));
  EXPECT_THAT(ErrorText(client::FromProblem(problem), {.address = "a:1"}, kPlain), HasSubstr("give a key"));
}

TEST(ErrorTextTest, PartOfABatchHasNoReason) {
  EXPECT_EQ(ErrorText(PartlyDone("2 of 5 were refused"), {}, kPlain), "error: 2 of 5 were refused\n");
}

TEST(ErrorTextTest, UsageErrorsAreLines) {
  EXPECT_EQ(ErrorText(UsageError("f:1: a\nf:2: b"), {}, kPlain), "error: f:1: a\nerror: f:2: b\n");
}

TEST(ExitCodeTest, FollowsTheStatus) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), ExitCode::kOk);
  EXPECT_EQ(ExitCodeOf(absl::InvalidArgumentError("")), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(UsageError("")), ExitCode::kUsage);
  EXPECT_EQ(ExitCodeOf(absl::UnavailableError("")), ExitCode::kUnreachable);
  EXPECT_EQ(ExitCodeOf(absl::NotFoundError("")), ExitCode::kNotFound);
  EXPECT_EQ(ExitCodeOf(absl::PermissionDeniedError("")), ExitCode::kNotAllowed);
  EXPECT_EQ(ExitCodeOf(PartlyDone("")), ExitCode::kPartly);
  for (const char* line : {"  0  ", "  1  ", "  2  ", "  3  ", "  4  ", "  5  ", "  6  "}) {
    EXPECT_THAT(ExitCodeHelp(), HasSubstr(line));
  }
}

TEST(ConditionViewTest, IsAip160) {
  EXPECT_EQ(ConditionText(Parse<v1::Condition>(R"(
              all { conditions { compare { field: "event.total" operator: OPERATOR_GREATER_OR_EQUAL value { number_value: 50 } } }
                    conditions { any { conditions { compare { field: "contact.country" operator: OPERATOR_EQUAL value { string_value: "F\"R" } } }
                                       conditions { not { compare { field: "contact.vip" operator: OPERATOR_HAS value { string_value: "*" } } } } } } })")),
            R"(event.total >= 50 AND (contact.country = "F\"R" OR NOT contact.vip:*))");
  EXPECT_EQ(ConditionText(v1::Condition()), "");
}

TEST(SurveyViewTest, SaysWhatAQuestionTakes) {
  EXPECT_EQ(QuestionKindText(Parse<v1::Question>("nps {}")), "nps 0-10");
  EXPECT_EQ(QuestionKindText(Parse<v1::Question>("csat {}")), "csat 1-5");
  EXPECT_EQ(QuestionKindText(Parse<v1::Question>("ces { direction: DIRECTION_EFFORT_IS_HIGH points: 5 }")),
            "ces 1-5, effort is high");
  EXPECT_EQ(QuestionKindText(Parse<v1::Question>("single_choice { options { key: 'a' } options { key: 'b' } }")),
            "one of a, b");
}

v1::QueryMetricResponse Nps() {
  return Parse<v1::QueryMetricResponse>(R"(
    definition { metric: METRIC_NPS formula: "100*(P-D)/n" interval_method: INTERVAL_METHOD_ADJUSTED_WALD confidence: 0.95 }
    points { value: 17.5 n: 1000 lower: 14.1 upper: 20.8 missing: 3
             nps { promoters: 250 passives: 675 detractors: 75 } distribution { value: "10" count: 250 } })");
}

TEST(MetricViewTest, TotalShowsWhatItIsMadeOf) {
  const std::string text = TotalText(Nps(), {});
  EXPECT_THAT(text, HasSubstr("nps 17.5 (14.1 to 20.8), n 1,000\n"));
  EXPECT_THAT(text, HasSubstr("promoters 250, passives 675, detractors 75, missing 3\n"));
  EXPECT_THAT(text, HasSubstr("100*(P-D)/n; 95 % interval, adjusted_wald\n"));
  EXPECT_THAT(text, HasSubstr("10  25.0 % "));
}

TEST(MetricViewTest, UnitsFitTheMetric) {
  auto response = Nps();
  response.mutable_definition()->set_metric(v1::METRIC_CSAT);
  EXPECT_THAT(TotalText(response, {}), HasSubstr("csat 17.5 %"));
  response.mutable_definition()->set_metric(v1::METRIC_TIME_TO_ANSWER);
  response.mutable_points(0)->set_value(200);
  EXPECT_THAT(TotalText(response, {}), HasSubstr("time_to_answer 3 min 20 s"));
  response.mutable_definition()->set_metric(v1::METRIC_CES);
  response.mutable_definition()->set_interval_method(v1::INTERVAL_METHOD_NORMAL);
  response.mutable_points(0)->set_value(2.345);
  EXPECT_THAT(TotalText(response, {}), HasSubstr("ces 2.35"));
}

TEST(MetricViewTest, NoAnswersAreNoNumber) {
  const auto empty = Parse<v1::QueryMetricResponse>("definition { metric: METRIC_NPS } points { n: 0 }");
  EXPECT_THAT(TotalText(empty, {.out = {.unicode = false}}), HasSubstr("nps -, n 0"));
  EXPECT_THAT(OverviewText({{.question = "q", .total = empty}}, {}), HasSubstr("–"));
}

TEST(MetricViewTest, BreakdownTellsWhatItLeavesOut) {
  v1::QueryMetricResponse response;
  response.mutable_definition()->set_metric(v1::METRIC_NPS);
  for (int i = 0; i < 5; ++i) {
    v1::MetricPoint& point = *response.add_points();
    if (i > 0) point.set_group("g" + std::to_string(i));
    point.set_value(10 * i);
    point.set_n(100 - i);
  }
  const std::string text = BreakdownText(response, 3, {});
  EXPECT_THAT(text, HasSubstr("(none)"));
  EXPECT_THAT(text, HasSubstr("n 98"));
  EXPECT_THAT(text, Not(HasSubstr("g3")));
  EXPECT_THAT(text, HasSubstr("and 2 smaller ones; --top 0 shows all\n"));
}

TEST(MetricViewTest, SeriesHasAPlotAndATable) {
  const auto response = Parse<v1::QueryMetricResponse>(R"(
    definition { metric: METRIC_NPS }
    points { start_date: "2017-05-01" value: 40 n: 10 } points { start_date: "2017-06-01" value: 60 n: 20 })");
  const std::string text = SeriesText(response, {});
  EXPECT_THAT(text, HasSubstr("●"));
  EXPECT_THAT(text, HasSubstr("2017-06-01   60.0            20"));
}

TEST(MetricViewTest, AGroupedSeriesHasALineEach) {
  const auto response = Parse<v1::QueryMetricResponse>(R"(
    definition { metric: METRIC_NPS }
    points { start_date: "2017-05-01" group: "a" value: 40 n: 10 } points { start_date: "2017-05-01" group: "b" value: 1 n: 5 }
    points { start_date: "2017-06-01" group: "a" value: 60 n: 20 })");
  EXPECT_EQ(SeriesText(response, {}),
            "GROUP  TREND  LATEST  ON           N\n"
            "a      ▁█       60.0  2017-06-01  20\n"
            "b      ▅         1.0  2017-05-01   5\n");
}

}  // namespace
}  // namespace canvass::cli
