// Importing and exporting against a scripted server that fails in all the ways that a stream may; tests/ has the real
// one.
#include "client/cli/responses/import_responses.h"

#include <gmock/gmock.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "canvass/v1/response_service.grpc.pb.h"
#include "canvass/v1/survey_service.grpc.pb.h"
#include "client/cli/command_line.h"
#include "client/cli/testing/parse.h"

namespace canvass::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class Surveys final : public v1::SurveyService::Service {
 public:
  grpc::Status GetSurvey(grpc::ServerContext*, const v1::GetSurveyRequest*, v1::Survey* survey) override {
    survey->set_published_version(1);
    return grpc::Status::OK;
  }
  grpc::Status GetSurveyVersion(grpc::ServerContext*, const v1::GetSurveyVersionRequest*,
                                v1::SurveyVersion* version) override {
    *version = Version();
    return grpc::Status::OK;
  }
  grpc::Status ListSurveyVersions(grpc::ServerContext*, const v1::ListSurveyVersionsRequest*,
                                  v1::ListSurveyVersionsResponse* response) override {
    *response->add_survey_versions() = Version();
    return grpc::Status::OK;
  }

 private:
  static v1::SurveyVersion Version() {
    return Parse<v1::SurveyVersion>(
        R"(version: 1 definition { questions { key: "recommend" nps {} } questions { key: "comment" free_text {} } })");
  }
};

// Refuses scores above 10; stores every request_id once.
class Responses final : public v1::ResponseService::Service {
 public:
  using Stream = grpc::ServerReaderWriter<v1::StreamResponsesResponse, v1::StreamResponsesRequest>;

  // After so many answers each stream ends with this status, the last `swallowed` of them stored but not acknowledged.
  struct Script {
    int answers = 1 << 30;
    int swallowed = 0;
    grpc::Status end;
    // How many streams end so.
    int times = 0;
    // Every so many submissions are wanted again the first time.
    int stumble = 0;
  };

  grpc::Status StreamResponses(grpc::ServerContext*, Stream* stream) override {
    Script script;
    {
      absl::MutexLock lock(&mutex_);
      ++streams_;
      if (script_.times-- > 0) script = script_;
      script.stumble = script_.stumble;
    }
    int answered = 0;
    v1::StreamResponsesRequest request;
    while (answered < script.answers && stream->Read(&request)) {
      v1::StreamResponsesResponse response;
      for (const v1::SubmitResponseRequest& submission : request.submissions()) {
        if (answered == script.answers) break;
        const v1::SubmissionOutcome outcome = Take(submission, script.stumble);
        if (++answered <= script.answers - script.swallowed) *response.add_outcomes() = outcome;
      }
      stream->Write(response);
    }
    return answered < script.answers ? grpc::Status::OK : script.end;
  }

  grpc::Status ExportResponses(grpc::ServerContext*, const v1::ExportResponsesRequest* request,
                               grpc::ServerWriter<v1::ExportResponsesResponse>* writer) override {
    const int start = request->resume_token().empty() ? 0 : std::stoi(request->resume_token());
    for (int i = start; i < 5; ++i) {
      // Every stream brings two, the token behind each.
      if (i == start + 2) return {grpc::StatusCode::UNAVAILABLE, "the server stops"};
      v1::ExportResponsesResponse part;
      v1::Response& response = *part.add_responses();
      response.set_name(absl::StrCat("tenants/acme/responses/r", i));
      v1::Answer& answer = *response.add_answers();
      answer.set_question("recommend");
      answer.set_score(i);
      part.set_resume_token(absl::StrCat(i + 1));
      writer->Write(part);
    }
    return grpc::Status::OK;
  }

  void Play(Script script) {
    absl::MutexLock lock(&mutex_);
    script_ = std::move(script);
  }
  std::vector<v1::SubmitResponseRequest> stored() {
    absl::MutexLock lock(&mutex_);
    return stored_;
  }
  int streams() {
    absl::MutexLock lock(&mutex_);
    return streams_;
  }

 private:
  v1::SubmissionOutcome Take(const v1::SubmitResponseRequest& submission, int stumble) {
    absl::MutexLock lock(&mutex_);
    v1::SubmissionOutcome outcome;
    if (stumble > 0 && ++seen_ % stumble == 0) {
      outcome.mutable_problem()->set_code(static_cast<int>(grpc::StatusCode::ABORTED));
      return outcome;
    }
    if (submission.response().answers(0).score() > 10) {
      outcome.mutable_problem()->set_code(static_cast<int>(grpc::StatusCode::INVALID_ARGUMENT));
      v1::FieldViolation& violation = *outcome.mutable_problem()->add_violations();
      violation.set_field("response.answers[0].score");
      violation.set_description("must be 0 to 10");
      return outcome;
    }
    const bool known = !submission.validate_only() && !ids_.insert(submission.request_id()).second;
    outcome.mutable_result()->set_repeated_call(known);
    if (!known && !submission.validate_only()) stored_.push_back(submission);
    return outcome;
  }

  absl::Mutex mutex_;
  Script script_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::SubmitResponseRequest> stored_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> ids_ ABSL_GUARDED_BY(mutex_);
  int streams_ ABSL_GUARDED_BY(mutex_) = 0;
  int seen_ ABSL_GUARDED_BY(mutex_) = 0;
};

struct Outcome {
  int code;
  std::string out;
  std::string err;
};

class ImportResponsesTest : public ::testing::Test {
 protected:
  ImportResponsesTest() {
    std::string pattern = ::testing::TempDir() + "/canvass-import-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&surveys_);
    builder.RegisterService(&responses_);
    server_ = builder.BuildAndStart();
  }
  ~ImportResponsesTest() override { std::filesystem::remove_all(folder_); }

  Outcome Run(const std::vector<std::string>& arguments) {
    const std::map<std::string, std::string> variables = {{"XDG_CONFIG_HOME", folder_},
                                                          {"CANVASS_ADDRESS", absl::StrCat("127.0.0.1:", port_)}};
    const Environment environment = [&variables](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
    };
    std::ostringstream out;
    std::ostringstream err;
    const int code = RunCommandLine(arguments, environment, Terminal(), out, err, [] { return absl::Now(); });
    return {code, out.str(), err.str()};
  }
  Outcome Import(const std::string& file, const std::vector<std::string>& flags = {}) {
    std::vector<std::string> arguments = {"response", "import", file, "--survey", "visit"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return Run(arguments);
  }

  std::string File(const std::string& name, const std::string& text) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  static std::string Read(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  // So many rows, all alike in tens.
  static std::string Table(int rows) {
    std::string table = "recommend\n";
    for (int i = 0; i < rows; ++i) absl::StrAppend(&table, i % 10, "\n");
    return table;
  }

  std::string folder_;
  Surveys surveys_;
  Responses responses_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(ImportResponsesTest, BadRowsGoToAFileThatCanBeMendedAndImported) {
  const std::string file =
      File("a.csv", "recommend,comment\r\n9,good\r\nnine,\"a, b\"\r\n11,x\r\n8,\r\n12,\"c\"d\r\n11,y\r\n");
  const Outcome first = Import(file);
  EXPECT_EQ(first.code, 6) << first.err;
  EXPECT_THAT(first.err, HasSubstr("2 stored, 0 already there, 4 rejected: 2 × recommend: must be 0 to 10; 1 × "));
  EXPECT_THAT(first.err, HasSubstr("a.csv.rejected.csv"));
  EXPECT_EQ(Read(file + ".rejected.csv"),
            "recommend,comment,problem\r\n"
            "nine,\"a, b\",recommend: 'nine' is not a score: a whole number\r\n"
            "11,x,recommend: must be 0 to 10\r\n"
            ",,line 6: a field goes on behind its closing quote\r\n"
            "11,y,recommend: must be 0 to 10\r\n");
  const Outcome again = Import(file);
  EXPECT_THAT(again.err, HasSubstr("0 stored, 2 already there, 4 rejected"));
  std::string mended = Read(file + ".rejected.csv");
  mended.replace(mended.find("nine"), 4, "9");
  const Outcome second = Import(File("mended.csv", mended));
  EXPECT_THAT(second.err, HasSubstr("1 stored, 0 already there, 3 rejected"));
  EXPECT_THAT(Read(folder_ + "/mended.csv.rejected.csv"),
              HasSubstr("\r\n11,x,recommend: must be 0 to 10\r\n,,there is no answer in the row\r\n"));
}

TEST_F(ImportResponsesTest, WhatWasNotAcknowledgedIsSentAgain) {
  responses_.Play({.answers = 700, .swallowed = 300, .end = {grpc::StatusCode::UNAVAILABLE, "restart"}, .times = 3});
  const Outcome outcome = Import(File("a.csv", Table(5000)));
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(responses_.streams(), 4);
  EXPECT_THAT(responses_.stored(), SizeIs(5000)) << "rows that are alike are different responses";
  // What was stored without a word of it is found there.
  EXPECT_THAT(outcome.err, HasSubstr("4,100 stored, 900 already there, 0 rejected"));
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/a.csv.rejected.csv"));
}

TEST_F(ImportResponsesTest, SingleRowsThatTheServerWantsAgainAreSentAgain) {
  responses_.Play({.stumble = 7});
  const Outcome outcome = Import(File("a.csv", Table(100)));
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(responses_.stored(), SizeIs(100));
}

TEST_F(ImportResponsesTest, AServerThatRefusesEndsIt) {
  responses_.Play({.answers = 3, .end = {grpc::StatusCode::PERMISSION_DENIED, "not you"}, .times = 1});
  const Outcome outcome = Import(File("a.csv", Table(10)));
  EXPECT_EQ(outcome.code, 5) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("3 stored"));
}

TEST_F(ImportResponsesTest, AnInterruptedImportGoesOn) {
  responses_.Play({.answers = 50, .end = {grpc::StatusCode::UNAVAILABLE, "away"}, .times = 1 << 20});
  std::thread user([] {
    absl::SleepFor(absl::Milliseconds(700));
    kill(getpid(), SIGINT);
  });
  const std::string file = File("a.csv", Table(20000));
  const Outcome interrupted = Import(file);
  user.join();
  EXPECT_EQ(interrupted.code, 6) << interrupted.err;
  EXPECT_THAT(interrupted.err, HasSubstr(" of 20,000 rows; run the same command again to go on"));
  const std::size_t before = responses_.stored().size();
  EXPECT_GT(before, 0U);
  EXPECT_LT(before, 20000U);
  responses_.Play({});
  EXPECT_EQ(Import(file).code, 0);
  EXPECT_THAT(responses_.stored(), SizeIs(20000));
}

TEST_F(ImportResponsesTest, NdjsonIsFlatOrWhole) {
  const std::string file =
      File("a.ndjson", R"({"recommend": 9, "comment": "x", "facts": {"event": {"total": 5, "zip": "01"}}}
{"answers": [{"question": "recommend", "score": 8}], "request_id": "own", "etag": "3", "problem": "p"}
{"survey": "tenants/acme/surveys/visit", "survey_version": 7, "answers": [{"question": "recommend", "score": 7}], "tags": ["a"]}

{"survey": "other", "answers": [{"question": "recommend", "score": 7}]}
{"recommend": [1], "recomend": 2}
nonsense
{"answers": [{"question": "recommend", "scor": 8}]}
)");
  const Outcome outcome = Import(file);
  EXPECT_EQ(outcome.code, 6);
  EXPECT_THAT(outcome.err, HasSubstr("3 stored, 0 already there, 4 rejected"));
  const std::vector<v1::SubmitResponseRequest> stored = responses_.stored();
  ASSERT_THAT(stored, SizeIs(3));
  const auto& event = stored[0].response().facts().fields().at("event").struct_value().fields();
  EXPECT_EQ(event.at("total").number_value(), 5);
  EXPECT_EQ(event.at("zip").string_value(), "01");
  EXPECT_EQ(stored[1].request_id(), "own");
  EXPECT_EQ(stored[2].response().survey_version(), 0);
  EXPECT_THAT(stored[2].response().tags(), IsEmpty());
  const std::string rejects = Read(file + ".rejected.ndjson");
  EXPECT_THAT(rejects, HasSubstr("\"score\":7}],\"problem\":\"survey: is 'other', not visit\"}\n{\"recommend\":[1]"));
  EXPECT_THAT(rejects, HasSubstr("did you mean 'recommend'?"));
  EXPECT_THAT(rejects, HasSubstr("{\"text\":\"nonsense\",\"problem\":\"line 7: this is not JSON\"}"));
  EXPECT_THAT(rejects, HasSubstr("did you mean 'score'?"));
}

TEST_F(ImportResponsesTest, ADryRunStoresNothing) {
  const Outcome outcome = Import(File("a.csv", "recommend\n9\n11\n"), {"--dry-run", "--rejects", folder_ + "/r.csv"});
  EXPECT_EQ(outcome.code, 6);
  EXPECT_THAT(outcome.err, HasSubstr("1 good (nothing was stored)"));
  EXPECT_EQ(Read(folder_ + "/r.csv"), "recommend,problem\r\n11,recommend: must be 0 to 10\r\n");
  EXPECT_THAT(responses_.stored(), IsEmpty());
}

TEST_F(ImportResponsesTest, WhatCannotBeUsedSendsNothing) {
  const std::string file = File("a.csv", "recomend\n9\n");
  EXPECT_THAT(Import(file).err, HasSubstr("did you mean 'recommend'?"));
  EXPECT_EQ(Import(file).code, 2);
  EXPECT_EQ(Import(file, {"--map", File("m.yaml", "columns: [")}).code, 2);
  EXPECT_EQ(Import(File("b.csv", "recommend\n9\n"), {"--rejects", folder_ + "/b.csv"}).code, 2);
  EXPECT_THAT(Import("-").err, HasSubstr("--name"));
  EXPECT_EQ(Import(folder_ + "/nowhere.csv").code, 2);
  EXPECT_EQ(Import(folder_).code, 2);
  EXPECT_EQ(Import(File("empty.csv", "")).code, 2);
  EXPECT_EQ(responses_.streams(), 0);
}

TEST_F(ImportResponsesTest, AnExportGoesOnWhereItWas) {
  const std::string file = folder_ + "/out.csv";
  const Outcome outcome = Run({"response", "export", "--survey", "visit", "-o", file});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("5 responses exported"));
  const std::string csv = Read(file);
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 6) << csv;
  for (int i = 0; i < 5; ++i) EXPECT_THAT(csv, HasSubstr(absl::StrCat("\nr", i, ",,,,0,,,,,", i, ",")));
  EXPECT_FALSE(std::filesystem::exists(file + ".part"));
  const Outcome lines = Run({"response", "export", "--survey", "visit", "--format", "ndjson"});
  EXPECT_EQ(std::count(lines.out.begin(), lines.out.end(), '\n'), 5) << lines.out;
  EXPECT_EQ(Run({"response", "export", "--survey", "visit", "-o", folder_ + "/no/such"}).code, 2);
  EXPECT_EQ(Run({"response", "export", "--survey", "visit", "--since", "soon"}).code, 2);
}

}  // namespace
}  // namespace canvass::cli
