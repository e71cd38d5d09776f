// The database is killed again and again while clients submit and, where they may, repeat. Afterwards the books must
// balance: acknowledged exactly once, refused never, unknown zero times or once, cells equal to a recount, quotas to
// what they count.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/mysql/embedded_server.h"
#include "server/mysql/migrations.h"
#include "server/mysql/pool.h"
#include "server/mysql/testing/test_database.h"
#include "server/responses/testing/intake_house.h"

namespace canvass::responses {
namespace {

using mysql::testing::MakeScope;
using testing::IntakeHouse;
using testing::SubmitAndWait;
using Result = absl::StatusOr<v1::SubmitResponseResponse>;

constexpr int kClients = 16;
constexpr int kKills = 3;
constexpr absl::Duration kBetweenKills = absl::Milliseconds(1500);

v1::SurveyDefinition Definition() {
  v1::SurveyDefinition definition;
  definition.set_default_language("en");
  v1::Question& score = *definition.add_questions();
  score.set_key("recommend");
  (*score.mutable_text())["en"] = "Would you?";
  score.mutable_nps();
  v1::Question& comment = *definition.add_questions();
  comment.set_key("comment");
  (*comment.mutable_text())["en"] = "Why?";
  comment.mutable_free_text();
  definition.add_breakdowns("response.language");
  return definition;
}

// What the clients heard, by the text that each response carries.
enum class Fate { kAcknowledged, kRefused, kUnknown };
using Ledger = std::map<std::string, Fate>;

class CrashTest : public ::testing::Test {
 protected:
  CrashTest() {
    mysql::testing::CopyTemplate(directory_.path());
    auto server = mysql::EmbeddedServer::Start({.data_directory = directory_.path(),
                                                .durability = mysql::Durability::kProcessCrash,
                                                .buffer_pool_megabytes = 64,
                                                .log_file_megabytes = 32,
                                                .schema = "test"},
                                               clock_);
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    EXPECT_TRUE(mysql::Migrate(server_->connect_options(), clock_).ok());
    database_ = std::make_unique<mysql::Database>(
        std::make_unique<mysql::Pool>(mysql::PoolOptions{.connect = server_->connect_options()}, clock_), clock_);
    house_ = std::make_unique<IntakeHouse>(*database_, clock_, random_);
    house_->Publish(scope_, survey_, Definition());
    v1::SurveyDefinition limited = Definition();
    v1::Quota& quota = *limited.add_quotas();
    quota.set_key("all");
    quota.set_limit(1'000'000'000);
    house_->Publish(scope_, limited_, limited);
    v1::Closing closing;
    closing.set_max_responses(1'000'000'000);
    house_->SetClosing(scope_, limited_, closing);
  }

  v1::SubmitResponseRequest Request(const std::string& text, int number) const {
    v1::SubmitResponseRequest request;
    request.set_parent(ResourceName(scope_.tenant()));
    const SurveyId& survey = number % 2 == 0 ? survey_ : limited_;
    request.mutable_response()->set_survey(ResourceName(scope_.tenant(), {"surveys", survey.value()}));
    request.mutable_response()->set_language(number % 3 == 0 ? "en" : "fr");
    v1::Answer& score = *request.mutable_response()->add_answers();
    score.set_question("recommend");
    score.set_score(number % 11);
    v1::Answer& comment = *request.mutable_response()->add_answers();
    comment.set_question("comment");
    comment.set_text(text);
    return request;
  }

  // Sends `request` until the answer is final. A call that cannot be repeated safely is sent once.
  Fate Send(ResponseIntake& intake, const v1::SubmitResponseRequest& request) {
    const bool repeatable = !request.request_id().empty() || !request.invitation_token().empty();
    bool unknown = false;
    for (int attempt = 0; attempt < 200; ++attempt) {
      const Result result = SubmitAndWait(intake, scope_, request, clock_.Now() + absl::Seconds(5));
      if (result.ok()) return Fate::kAcknowledged;
      EXPECT_TRUE(absl::IsUnavailable(result.status()) || absl::IsDeadlineExceeded(result.status())) << result.status();
      // Without OUTCOME_UNKNOWN nothing was stored, now or earlier.
      unknown = unknown || ReasonOf(result.status()) == v1::ERROR_REASON_OUTCOME_UNKNOWN;
      if (!repeatable) break;
      ++repeats_;
      clock_.Sleep(absl::Milliseconds(50));
    }
    return unknown ? Fate::kUnknown : Fate::kRefused;
  }

  // One client: calls with a request id, with an invitation, with neither, in turn.
  Ledger RunClient(ResponseIntake& intake, int client) {
    Ledger ledger;
    for (int i = 0; !stopping_; ++i) {
      const std::string text = absl::StrCat("c", client, "-", i);
      v1::SubmitResponseRequest request = Request(text, i);
      if (i % 3 == 0) request.set_request_id(text);
      if (i % 3 == 1) {
        const std::size_t invited = next_invited_++;
        if (invited < invited_.size()) {
          request.set_invitation_token(invited_[invited].token);
          request.mutable_response()->clear_survey();
        }
      }
      ledger[text] = Send(intake, request);
    }
    return ledger;
  }

  Ledger RunClientsAndKill(ResponseIntake& intake) {
    std::vector<Ledger> ledgers(kClients);
    std::vector<std::thread> clients;
    for (int i = 0; i < kClients; ++i) {
      clients.emplace_back([&, i] { ledgers[i] = RunClient(intake, i); });
    }
    for (int i = 0; i < kKills; ++i) {
      clock_.Sleep(kBetweenKills);
      const pid_t pid = server_->pid();
      if (pid != 0) kill(pid, SIGKILL);
    }
    clock_.Sleep(kBetweenKills);
    stopping_ = true;
    for (std::thread& client : clients) client.join();
    Ledger all;
    for (Ledger& ledger : ledgers) all.merge(ledger);
    return all;
  }

  // How often each text is stored.
  std::map<std::string, int> Stored(const SurveyId& survey) {
    std::map<std::string, int> stored;
    std::optional<Uuid> after;
    while (true) {
      const auto page = house_->responses.List(scope_, {.survey = survey, .after = after, .limit = 1000});
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok() || page->empty()) return stored;
      for (const v1::Response& response : *page) ++stored[response.answers(1).text()];
      const std::string& name = page->back().name();
      after = *Uuid::Parse(absl::string_view(name).substr(name.rfind('/') + 1));
    }
  }

  // What is counted under a key.
  int64_t Counted(const std::string& key) {
    int64_t total = -1;
    const absl::Status status = database_->Read(scope_, [&](mysql::Transaction& tx) -> absl::Status {
      mysql::Params params;
      params.Add(scope_.tenant()).Add(limited_).Add(key);
      const absl::StatusOr<mysql::Rows> rows = tx.Query(
          "SELECT total FROM survey_counters WHERE tenant_id = ? AND survey_id = ? AND counter_key = ?", params);
      if (rows.ok() && !rows->empty()) total = rows->front().Int(0);
      return rows.status();
    });
    EXPECT_TRUE(status.ok()) << status;
    return total;
  }

  void ExpectCellsEqualRecount(const SurveyId& survey, std::size_t responses) {
    const metrics::RecountResult recount = house_->Recount(scope_, survey);
    EXPECT_TRUE(recount.equal()) << recount.differences.size() << " cells differ";
    EXPECT_EQ(recount.responses, static_cast<int64_t>(responses));
  }

  SystemClock clock_;
  SecureRandom random_;
  mysql::testing::TemporaryDirectory directory_;
  std::unique_ptr<mysql::EmbeddedServer> server_;
  std::unique_ptr<mysql::Database> database_;
  std::unique_ptr<IntakeHouse> house_;
  TenantScope scope_ = MakeScope();
  SurveyId survey_{"nps"};
  // Has limits that are never reached.
  SurveyId limited_{"limited"};
  std::vector<IntakeHouse::Invited> invited_;
  std::atomic<std::size_t> next_invited_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> repeats_ = 0;
};

TEST_F(CrashTest, TheBooksBalance) {
  for (int i = 0; i < 500; ++i) invited_.push_back(house_->Invite(scope_, survey_));
  auto intake = house_->MakeIntake({.max_batch = 32});
  const Ledger ledger = RunClientsAndKill(*intake);
  intake->Drain();

  std::map<std::string, int> stored = Stored(survey_);
  std::map<std::string, int> limited = Stored(limited_);
  ExpectCellsEqualRecount(survey_, stored.size());
  ExpectCellsEqualRecount(limited_, limited.size());
  EXPECT_EQ(Counted("all"), static_cast<int64_t>(limited.size()));
  EXPECT_EQ(Counted("@responses"), static_cast<int64_t>(limited.size()));
  stored.merge(limited);
  EXPECT_TRUE(limited.empty());  // nothing is stored under both
  std::map<Fate, int> fates;
  for (const auto& [text, fate] : ledger) {
    ++fates[fate];
    const auto found = stored.find(text);
    const int times = found == stored.end() ? 0 : found->second;
    EXPECT_LE(times, 1) << text;
    if (fate == Fate::kAcknowledged) {
      EXPECT_EQ(times, 1) << text << " was acknowledged";
    } else if (fate == Fate::kRefused) {
      EXPECT_EQ(times, 0) << text << " was refused";
    }
  }
  for (const auto& [text, times] : stored) EXPECT_TRUE(ledger.contains(text)) << text;
  EXPECT_GT(fates[Fate::kAcknowledged], 100);
  EXPECT_GT(repeats_, 0);
  EXPECT_GE(server_->restarts(), kKills - 1);
  RecordProperty("acknowledged", fates[Fate::kAcknowledged]);
  RecordProperty("refused", fates[Fate::kRefused]);
  RecordProperty("unknown", fates[Fate::kUnknown]);
  RecordProperty("repeats", repeats_);
  RecordProperty("restarts", server_->restarts());
}

}  // namespace
}  // namespace canvass::responses
