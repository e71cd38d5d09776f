// `canvass` as scripts see it: exit codes, what goes to which stream, completion. The server is a scripted one on
// loopback; tests/ has the real one.
#include "client/cli/command_line.h"

#include <gmock/gmock.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/str_join.h"
#include "canvass/v1/api_key_service.grpc.pb.h"
#include "canvass/v1/event_service.grpc.pb.h"
#include "canvass/v1/survey_service.grpc.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace canvass::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// Knows no survey; takes any but those without questions.
class Surveys final : public v1::SurveyService::Service {
 public:
  grpc::Status GetSurvey(grpc::ServerContext*, const v1::GetSurveyRequest*, v1::Survey*) override {
    return {grpc::StatusCode::NOT_FOUND, "there is no such survey"};
  }
  grpc::Status UpdateSurvey(grpc::ServerContext*, const v1::UpdateSurveyRequest* request,
                            v1::Survey* response) override {
    validate_only = request->validate_only();
    *response = request->survey();
    if (request->survey().definition().questions_size() > 0) return grpc::Status::OK;
    google::rpc::Status details;
    google::rpc::ErrorInfo info;
    info.set_reason("INVALID_SURVEY");
    details.add_details()->PackFrom(info);
    google::rpc::BadRequest bad;
    bad.add_field_violations()->set_field("survey.definition.questions");
    bad.mutable_field_violations(0)->set_description("is empty");
    details.add_details()->PackFrom(bad);
    return {grpc::StatusCode::INVALID_ARGUMENT, "survey.definition.questions: is empty", details.SerializeAsString()};
  }
  // Finds fault with the third line of every survey.
  grpc::Status CheckSurvey(grpc::ServerContext*, const v1::CheckSurveyRequest* request,
                           v1::CheckSurveyResponse* response) override {
    for (v1::FieldViolation* finding : {response->add_violations(), response->add_warnings()}) {
      finding->set_field("definition.questions[0].text[\"cs\"]");
      finding->set_description("is wrong");
    }
    if (request->definition().default_language() == "cs") response->clear_violations();
    response->mutable_expected_duration()->set_seconds(90);
    v1::LanguageReport& report = *response->add_languages();
    report.set_language("cs");
    report.set_texts(5);
    report.set_translated(1);
    for (const char* path : {"a", "b", "c", "d"}) report.add_missing(path);
    *response->add_languages() = report;
    return grpc::Status::OK;
  }
  bool validate_only = false;
};

class ApiKeys final : public v1::ApiKeyService::Service {
 public:
  grpc::Status CreateApiKey(grpc::ServerContext*, const v1::CreateApiKeyRequest* request,
                            v1::CreateApiKeyResponse* response) override {
    *response->mutable_api_key() = request->api_key();
    response->mutable_api_key()->set_name(request->parent() + "/apiKeys/1");
    response->set_credential("cvk_1_secret");
    return grpc::Status::OK;
  }
};

// Refuses every event whose id is "bad".
class Events final : public v1::EventService::Service {
 public:
  grpc::Status PublishEvents(grpc::ServerContext*, const v1::PublishEventsRequest* request,
                             v1::PublishEventsResponse* response) override {
    for (const v1::Event& event : request->events()) {
      v1::EventResult& result = *response->add_results();
      result.set_outcome(v1::EventResult::OUTCOME_ACCEPTED);
      result.set_event(request->parent() + "/events/" + event.id());
      if (event.id() != "bad") continue;
      result.set_outcome(v1::EventResult::OUTCOME_REFUSED);
      result.mutable_problem()->set_code(3);
      result.mutable_problem()->set_reason(v1::ERROR_REASON_INVALID_EVENT);
      result.mutable_problem()->add_violations()->set_field("data.total");
      result.mutable_problem()->mutable_violations(0)->set_description("is wrong");
    }
    return grpc::Status::OK;
  }
};

struct Outcome {
  int code;
  std::string out;
  std::string err;
};

class CommandLineTest : public ::testing::Test {
 protected:
  CommandLineTest() {
    std::string pattern = ::testing::TempDir() + "/canvass-cli-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    grpc::ServerBuilder builder;
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&surveys_);
    builder.RegisterService(&keys_);
    builder.RegisterService(&events_);
    server_ = builder.BuildAndStart();
    variables_ = {{"XDG_CONFIG_HOME", folder_}, {"CANVASS_ADDRESS", "127.0.0.1:" + std::to_string(port)}};
  }
  ~CommandLineTest() override { std::filesystem::remove_all(folder_); }

  Outcome Run(const std::vector<std::string>& arguments) {
    const Environment environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = variables_.find(name);
      return found == variables_.end() ? std::nullopt : std::optional<std::string>(found->second);
    };
    std::ostringstream out;
    std::ostringstream err;
    const int code = RunCommandLine(arguments, environment, Terminal(), out, err, [] { return absl::UnixEpoch(); });
    return {code, out.str(), err.str()};
  }

  std::string File(const std::string& name, const std::string& text) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path) << text;
    return path;
  }

  std::string folder_;
  Surveys surveys_;
  ApiKeys keys_;
  Events events_;
  std::unique_ptr<grpc::Server> server_;
  std::map<std::string, std::string> variables_;
};

TEST_F(CommandLineTest, HelpIsOutput) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{{}, {"--help"}}) {
    const Outcome help = Run(arguments);
    EXPECT_EQ(help.code, 0);
    EXPECT_EQ(help.err, "");
    for (const char* part : {"survey", "metric", "CANVASS_KEY_FILE", "Exit codes:"})
      EXPECT_THAT(help.out, HasSubstr(part));
  }
  EXPECT_THAT(Run({"survey", "apply", "--help"}).out, HasSubstr("default_language: en"));
}

TEST_F(CommandLineTest, MisuseNamesTheWordAndWhatWasMeant) {
  const auto misuse = [this](const std::vector<std::string>& arguments) {
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  EXPECT_THAT(misuse({"surveys"}), StartsWith("error: canvass has no command 'surveys'; did you mean 'survey'?\n"));
  EXPECT_THAT(misuse({"survey", "aply"}),
              StartsWith("error: canvass survey has no command 'aply'; did you mean 'apply'?"));
  EXPECT_THAT(misuse({"survey", "list", "--limt", "3"}),
              StartsWith("error: canvass survey list has no option --limt; did you mean '--limit'?"));
  EXPECT_THAT(misuse({"survey"}), StartsWith("error: canvass survey needs a command"));
  EXPECT_THAT(misuse({"survey", "get"}), HasSubstr("survey is required"));
  EXPECT_THAT(misuse({"survey", "get", "a", "b"}), StartsWith("error: 'b' is one argument too many"));
  EXPECT_THAT(misuse({"survey", "list", "-o", "xml"}), HasSubstr("json"));
  EXPECT_THAT(misuse({"decision", "list"}), HasSubstr("--trigger or --contact"));
}

TEST_F(CommandLineTest, GlobalOptionsStandAnywhere) {
  const std::string file = File("s.yaml", "{id: s, default_language: en, questions: [{key: a, text: A, nps: }]}");
  EXPECT_EQ(Run({"-o", "name", "survey", "apply", "-f", file}).out, "tenants/-/surveys/s\n");
  EXPECT_EQ(Run({"survey", "apply", "-f", file, "-o", "name"}).out, "tenants/-/surveys/s\n");
  EXPECT_EQ(Run({"survey", "apply", "-f", file, "-o", "name", "--tenant", "acme"}).out, "tenants/acme/surveys/s\n");
}

TEST_F(CommandLineTest, ApplyTellsWhatItDid) {
  const std::string file = File("s.yaml", "{id: s, default_language: en, questions: [{key: a, text: A, nps: }]}");
  const Outcome applied = Run({"survey", "apply", "-f", file});
  EXPECT_EQ(applied.code, 0);
  EXPECT_EQ(applied.out, "");
  EXPECT_EQ(applied.err, "survey s created\nnext: canvass survey publish s\n");
  EXPECT_EQ(Run({"survey", "apply", "-f", file, "--dry-run"}).err, "survey s created (dry run)\n");
  EXPECT_TRUE(surveys_.validate_only);
}

TEST_F(CommandLineTest, AFaultyFileSendsNothing) {
  const std::string good = File("good.yaml", "{id: s, default_language: en, questions: [{key: a, text: A, nps: }]}");
  const std::string bad = File("bad.yaml", "id: s\nquestion: []\n");
  const Outcome outcome = Run({"survey", "apply", "-f", good, "-f", bad});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "error: " + bad + ":2: question: is unknown; did you mean 'questions'?\n");
}

TEST_F(CommandLineTest, TheServersRefusalLeadsToTheLine) {
  const std::string file = File("s.yaml", "id: s\ndefault_language: en\nquestions: []\n");
  const Outcome outcome = Run({"survey", "apply", "-f", file});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr(file + ":3: survey.definition.questions: is empty\n"));
  EXPECT_THAT(outcome.err, HasSubstr("reason: INVALID_SURVEY, request "));
}

constexpr char kTwoLanguages[] = R"(id: s
default_language: en
questions:
  - key: a
    nps:
    text:
      en: A
      cs: A
)";

TEST_F(CommandLineTest, LintLeadsToTheLine) {
  const std::string file = File("s.yaml", kTwoLanguages);
  const Outcome lint = Run({"survey", "lint", file});
  EXPECT_EQ(lint.code, 1);
  EXPECT_EQ(lint.out, file + ":8: error: questions[0].text[\"cs\"]: is wrong\n" + file +
                          ":8: warning: questions[0].text[\"cs\"]: is wrong\n"
                          "s: 1 error, 1 warning; 1 question, about 1 min 30 s\n"
                          "LANGUAGE  OFFERED  TRANSLATED  MISSING\n"
                          "cs        no              1/5  a, b, c and 1 more\n"
                          "cs        no              1/5  a, b, c and 1 more\n");
  EXPECT_EQ(lint.err, "error: 1 error; publishing would be refused\n");
  const std::string good = File("good.yaml", "id: t\ndefault_language: cs\nquestions: []\n");
  EXPECT_EQ(Run({"survey", "lint", good}).code, 0) << "warnings are no failure";
  EXPECT_EQ(Run({"survey", "lint", good, file}).code, 1);
  EXPECT_EQ(nlohmann::json::parse(Run({"survey", "lint", good, file, "-o", "json"}).out).size(), 2U);
  EXPECT_EQ(Run({"survey", "lint", File("bad.yaml", "id: s\nquestion: []\n")}).code, 2);
}

TEST_F(CommandLineTest, FilesStandBehindTheCommandOrAnOption) {
  const std::string a = File("a.yaml", "{id: a, default_language: en, questions: [{key: a, text: A, nps: }]}");
  const std::string b = File("b.yaml", "{id: b, default_language: en, questions: [{key: a, text: A, nps: }]}");
  const std::string names = "tenants/-/surveys/a\ntenants/-/surveys/b\n";
  for (const std::vector<std::string>& files : std::vector<std::vector<std::string>>{
           {a, b}, {"-f", a, "-f", b}, {"--file", a, b}, {a, "-f", b}, {"--publish", a, "--dry-run", b}}) {
    std::vector<std::string> apply = {"-o", "name", "survey", "apply"};
    apply.insert(apply.end(), files.begin(), files.end());
    EXPECT_EQ(Run(apply).out, names) << absl::StrJoin(files, " ");
  }
  const std::string survey = File("s.yaml", kTwoLanguages);
  EXPECT_EQ(Run({"survey", "lint", "-f", survey}).out, Run({"survey", "lint", survey}).out);
  const std::string event = File("e.yaml", "{source: s, id: 1, type: t, subject: c}");
  EXPECT_EQ(Run({"event", "publish", event}).err, Run({"event", "publish", "-f", event}).err);
  EXPECT_EQ(Run({"survey", "apply"}).code, 2);
  // Here the word behind the command is a contact.
  const std::string contact = File("c.yaml", "{id: c}");
  EXPECT_THAT(Run({"contact", "upsert", "c", "-f", contact}).err, HasSubstr("not both"));
  EXPECT_THAT(Run({"contact", "upsert", "-f", contact, "c"}).err, HasSubstr("not both"));
}

TEST_F(CommandLineTest, InitWritesAFileOnce) {
  const std::string file = folder_ + "/new.yaml";
  EXPECT_EQ(Run({"survey", "init", "--language", "cs", "-o", file}).code, 0);
  const Outcome again = Run({"survey", "init", "-o", file});
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.err, HasSubstr("new.yaml exists; --force replaces it"));
  EXPECT_EQ(Run({"survey", "init", "-o", file, "--force", "--template", "churn"}).code, 0);
  EXPECT_THAT(Run({"survey", "init", "-o", "yaml"}).err, HasSubstr("here -o is a file to write"));
  EXPECT_THAT(Run({"survey", "init", "--id", "mine"}).out, HasSubstr("\nid: mine\n"));
  EXPECT_THAT(Run({"survey", "init", "--template", "nsp"}).err, HasSubstr("did you mean 'nps'?"));
  EXPECT_THAT(Run({"survey", "init", "--language", "fr"}).err, HasSubstr("is written in en, cs"));
  EXPECT_THAT(Run({"survey", "init", "--list"}).out, HasSubstr("csat-support  en cs sk pl sl  Customer satisfaction"));
}

TEST_F(CommandLineTest, TranslationsOfAFileNeedNoServer) {
  const std::string file = File("s.yaml", kTwoLanguages);
  const Outcome sheet = Run({"survey", "translations", file, "--to", "sk", "--export", "-"});
  EXPECT_EQ(sheet.out, "path,en,sk\r\nquestions[a].text,A,\r\n");
  const std::string csv = File("sk.csv", "path,en,sk\nquestions[a].text,A,Áno\nquestions[b].text,B,Bé\n");
  const Outcome taken = Run({"survey", "translations", file, "--to", "sk", "--import", csv});
  EXPECT_EQ(taken.code, 6);
  EXPECT_THAT(taken.err, HasSubstr("translations into sk: 1 taken, 0 unchanged or empty"));
  EXPECT_THAT(taken.err, HasSubstr("line 3: questions[b].text: the survey has no such text"));
  EXPECT_THAT(Run({"survey", "translations", file, "--to", "sk", "--export", "-"}).out, HasSubstr(",A,Áno\r\n"));
  EXPECT_EQ(Run({"survey", "translations", file, "--export", "-"}).code, 2);
  EXPECT_EQ(Run({"survey", "translations", file, "--to", "en", "--export", "-"}).code, 2);
}

TEST_F(CommandLineTest, ExitCodesTellWhy) {
  EXPECT_EQ(Run({"survey", "get", "none"}).code, 4);
  EXPECT_EQ(Run({"survey", "get", "none", "--address", "127.0.0.1:1", "--timeout", "1s"}).code, 3);
  EXPECT_EQ(Run({"survey", "get", "none", "--context", "none"}).code, 2);
  EXPECT_EQ(Run({"metric", "show", "none"}).code, 4);
}

TEST_F(CommandLineTest, ACredentialIsPrintedOnceAndAlone) {
  const Outcome made = Run({"key", "create", "--role", "ingest"});
  EXPECT_EQ(made.code, 0);
  EXPECT_EQ(made.out, "cvk_1_secret\n");
  EXPECT_THAT(made.err, Not(HasSubstr("secret\n")));
  EXPECT_THAT(made.err, HasSubstr("shown this once"));
  EXPECT_EQ(nlohmann::json::parse(Run({"key", "create", "--role", "ingest", "-o", "json"}).out)["credential"],
            "cvk_1_secret");
  EXPECT_EQ(Run({"key", "create", "--role", "ingest", "-o", "name"}).out, "cvk_1_secret\n");
}

TEST_F(CommandLineTest, ASavedCredentialIsNotPrinted) {
  const Outcome made = Run({"key", "create", "--role", "ingest", "--save-context", "demo"});
  EXPECT_EQ(made.code, 0);
  EXPECT_EQ(made.out, "");
  EXPECT_THAT(made.err, HasSubstr("saved as context 'demo'"));
  struct stat file = {};
  ASSERT_EQ(stat((folder_ + "/canvass/contexts.yaml").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777U, 0600U);
  const Outcome list = Run({"context", "list"});
  EXPECT_THAT(list.out, HasSubstr("demo"));
  EXPECT_THAT(list.out, Not(HasSubstr("cvk_1_secret")));
  EXPECT_THAT(Run({"context", "list", "-o", "json"}).out, Not(HasSubstr("cvk_1_secret")));
}

TEST_F(CommandLineTest, WhatCannotBeUndoneIsNotDoneUnasked) {
  const Outcome outcome = Run({"key", "revoke", "1"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("say --yes"));
}

TEST_F(CommandLineTest, ABadEventDoesNotStopItsNeighbours) {
  const std::string file = File("e.ndjson",
                                "{\"source\": \"s\", \"id\": \"1\", \"type\": \"t\", \"subject\": \"c\"}\n"
                                "{\"source\": \"s\", \"id\": \"bad\", \"data\": {\"total\": 5}}\n"
                                "not JSON\n"
                                "{\"idd\": \"2\"}\n"
                                "{\"source\": \"s\", \"id\": \"3\"}\n");
  const Outcome outcome = Run({"event", "publish", "-f", file});
  EXPECT_EQ(outcome.code, 6);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr(file + ":2: data.total: is wrong (INVALID_EVENT)\n"));
  EXPECT_THAT(outcome.err, HasSubstr(file + ":3: this is not JSON\n"));
  EXPECT_THAT(outcome.err, HasSubstr(file + ":4: idd: is unknown; did you mean 'id'?\n"));
  EXPECT_THAT(outcome.err, HasSubstr("2 new, 0 known already, 0 invitations\n"));
  EXPECT_THAT(outcome.err, HasSubstr("3 of 5 events were refused"));
}

TEST_F(CommandLineTest, AnEventByFlags) {
  const Outcome outcome = Run({"event", "publish", "--type", "t", "--subject", "c", "--id", "7", "--data", "total=5"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out, "7\n");
  EXPECT_EQ(Run({"event", "publish", "--type", "t", "--subject", "c", "--id", "bad"}).code, 1);
  EXPECT_EQ(Run({"event", "publish", "--type", "t"}).code, 2);
  EXPECT_EQ(Run({"event", "publish", "--type", "t", "--subject", "c", "--id", "7", "--data", "total"}).code, 2);
}

TEST_F(CommandLineTest, Contexts) {
  EXPECT_EQ(Run({"context", "add", "a", "--address", "nowhere", "--no-key"}).code, 2);
  EXPECT_EQ(Run({"context", "add", "a", "--address", "127.0.0.1:7443", "--no-key"}).code, 0);
  const std::string key = File("key", "cvk_2_x\n");
  EXPECT_EQ(Run({"context", "add", "b", "--address", "b.example.com:443", "--key-file", key}).code, 0);
  EXPECT_EQ(Run({"context", "use", "b"}).code, 0);
  EXPECT_EQ(Run({"context", "list"}).out,
            "CURRENT  CONTEXT  ADDRESS            TENANT  KEY\n"
            "         a        127.0.0.1:7443             none\n"
            "*        b        b.example.com:443          " +
                key + "\n");
  EXPECT_EQ(Run({"context", "use", "c"}).code, 2);
  EXPECT_EQ(Run({"context", "remove", "b"}).code, 0);
  EXPECT_EQ(Run({"context", "list", "-o", "name"}).out, "a\n");
}

// What bash offers for the words typed so far.
std::string Complete(const std::string& script, const std::string& words, int position) {
  const std::string command = "bash -c 'source " + script + "; COMP_WORDS=(" + words +
                              "); COMP_CWORD=" + std::to_string(position) + "; _canvass; echo -n \"${COMPREPLY[@]}\"'";
  FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  for (int c = fgetc(pipe); c != EOF; c = fgetc(pipe)) text.push_back(static_cast<char>(c));
  EXPECT_EQ(pclose(pipe), 0) << command;
  return text;
}

TEST_F(CommandLineTest, BashCompletes) {
  const Outcome outcome = Run({"completion", "bash"});
  EXPECT_EQ(outcome.code, 0);
  const std::string script = File("completion.bash", outcome.out);
  EXPECT_EQ(Complete(script, "canvass su", 1), "survey suppression");
  EXPECT_EQ(Complete(script, "canvass survey ap", 2), "apply");
  EXPECT_EQ(Complete(script, "canvass --context x survey pub", 4), "publish");
  EXPECT_EQ(Complete(script, "canvass survey apply --d", 3), "--dry-run");
  EXPECT_EQ(Complete(script, "canvass survey list -o j", 4), "json");
  EXPECT_EQ(Complete(script, "canvass key create --role in", 4), "ingest");
  EXPECT_EQ(Complete(script, "canvass completion z", 2), "zsh");
  EXPECT_EQ(Complete(script, "canvass survey apply -f " + script.substr(0, script.size() - 4), 4), script);
}

TEST_F(CommandLineTest, EveryShellHasEveryCommand) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = Run({"completion", shell}).out;
    for (const char* path : {"'survey apply'", "'trigger pause'", "'metric breakdown'", "'context use'"}) {
      EXPECT_THAT(script, HasSubstr(path)) << shell;
    }
    EXPECT_THAT(script, HasSubstr("dry-run")) << shell;
  }
}

TEST_F(CommandLineTest, Version) { EXPECT_THAT(Run({"version"}).out, StartsWith("canvass ")); }

}  // namespace
}  // namespace canvass::cli
