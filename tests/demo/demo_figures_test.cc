// Plays the demo through a real server and compares what its owners are shown with each data set's truth.json, which
// other tools computed. Plays it again, and after a kill in the middle: nothing may be counted twice.

#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/process/server_process.h"

extern char** environ;

namespace canvass {
namespace {

using nlohmann::json;

constexpr double kRounding = 6e-5;  // truth.json has four decimals
constexpr double kMedianError = 0.005;

json ReadJson(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.good()) << path;
  return json::parse(file, nullptr, false);
}

std::string OlistDirectory() {
  const char* shared = std::getenv("CANVASS_SHARED_DATA");
  const std::string directory = std::string(shared == nullptr ? "../shared/data" : shared) + "/olist";
  return std::filesystem::exists(directory + "/orders.csv.gz") ? directory : "";
}

class DemoFiguresTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = testing::ServerProcess::Start({});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    figures_path_ = server_->data_dir() + "/figures.json";
  }

  pid_t StartDemo(const std::string& stories, std::vector<std::string> more = {}) {
    const std::string binary =
        (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "canvass-demo").string();
    std::vector<std::string> arguments = {binary, "--address=" + server_->address(),
                                          "--operator-key-file=" + server_->data_dir() + "/operator.key",
                                          "--only=" + stories, "--figures=" + figures_path_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    pid_t pid = -1;
    EXPECT_EQ(posix_spawn(&pid, binary.c_str(), nullptr, nullptr, argv.data(), environ), 0);
    return pid;
  }

  json Play(const std::string& stories, std::vector<std::string> more = {}) {
    std::filesystem::remove(figures_path_);
    int state = 0;
    waitpid(StartDemo(stories, std::move(more)), &state, 0);
    EXPECT_TRUE(WIFEXITED(state) && WEXITSTATUS(state) == 0) << server_->log();
    return ReadJson(figures_path_);
  }

  static void ExpectNps(const json& figure, const json& truth, const std::string& what) {
    ASSERT_TRUE(figure.is_object()) << what;
    EXPECT_EQ(figure["n"], truth["n"]) << what;
    EXPECT_EQ(figure["promoters"], truth["promoters"]) << what;
    EXPECT_EQ(figure["passives"], truth["passives"]) << what;
    EXPECT_EQ(figure["detractors"], truth["detractors"]) << what;
    EXPECT_NEAR(figure["value"].get<double>(), truth["nps"].get<double>(), kRounding) << what;
    EXPECT_NEAR(figure["mean"].get<double>(), truth["mean"].get<double>(), kRounding) << what;
    EXPECT_LT(figure["lower"], figure["upper"]) << what;
  }

  static void ExpectCsat(const json& figure, const json& truth, const std::string& what) {
    ASSERT_TRUE(figure.is_object()) << what;
    EXPECT_EQ(figure["n"], truth["n"]) << what;
    EXPECT_NEAR(figure["value"].get<double>(), truth["top2_pct"].get<double>(), kRounding) << what;
    EXPECT_NEAR(figure["mean"].get<double>(), truth["mean"].get<double>(), kRounding) << what;
    for (const auto& [score, count] : truth["dist"].items()) {
      EXPECT_EQ(figure["dist"].value(score, 0), count) << what << " score " << score;
    }
  }

  static void CheckAirport(const json& airport) {
    const json truth = ReadJson("tests/data/sfo-airport/truth.json")["2017"];
    ExpectNps(airport["NPS"]["total"], truth["nps"], "airport");
    ExpectCsat(airport["Satisfaction with the airport as a whole (CSAT)"]["total"], truth["csat_q7all"], "airport");
    for (const auto& [day, of_day] : truth["nps_by_INTDATE"].items()) {
      const std::string date = absl::StrCat("2017-05-", day.size() == 1 ? "0" : "", day);
      ExpectNps(airport["NPS by day"]["groups"][date], of_day, date);
    }
    for (const auto& [area, of_area] : truth["nps_by_BAREA"].items()) {
      ExpectNps(airport["NPS by boarding area"]["groups"][area], of_area, "area " + area);
    }
    const std::vector<std::string> languages = {"en", "es", "zh", "ja"};
    for (const auto& [code, of_language] : truth["nps_by_LANG"].items()) {
      const std::string& language = languages[static_cast<std::size_t>(std::stoi(code) - 1)];
      ExpectNps(airport["NPS by language of the questionnaire"]["groups"][language], of_language, language);
    }
    for (const auto& [peak, of_peak] : truth["nps_by_PEAK"].items()) {
      ExpectNps(airport["NPS by time of day"]["groups"][peak], of_peak, "peak " + peak);
    }
    EXPECT_EQ(airport["decisions"]["at-the-gate"]["qualified"], truth["rows"]);
    EXPECT_EQ(airport["Response rate"]["total"]["answered"], truth["rows"]);
  }

  static void CheckGarden(const json& garden) {
    const json truth = ReadJson("tests/data/nps-garden-fr/truth.json");
    ExpectNps(garden["NPS"]["total"], truth["overall"], "garden");
    EXPECT_EQ(garden["NPS"]["total"]["missing"], truth["nps_empty"]);
    for (const auto& [period, of_period] : truth["by_t"].items()) {
      ExpectNps(garden["NPS by period"]["groups"][period], of_period, "period " + period);
    }
    const json& comments = garden["NPS of those who left a comment, and of those who did not"]["groups"];
    ExpectNps(comments["yes"], truth["with_comment"], "with a comment");
    ExpectNps(comments["no"], truth["without_comment"], "without a comment");
    const json& satisfaction = garden["Satisfaction with the visit (CSAT, 1 to 10)"]["total"];
    EXPECT_EQ(satisfaction["n"], truth["satisfaction"]["n"]);
    EXPECT_NEAR(satisfaction["mean"].get<double>(), truth["satisfaction"]["mean"].get<double>(), kRounding);
    EXPECT_EQ(garden["decisions"]["after-purchase"]["qualified"], truth["rows"]);
  }

  static void CheckShop(const json& shop, const json& truth) {
    ExpectCsat(shop["Satisfaction with the order (CSAT)"]["total"], truth["overall"], "shop");
    for (const auto& [month, of_month] : truth["by_month_sent"].items()) {
      ExpectCsat(shop["CSAT by month in which the customer was asked"]["groups"][month], of_month, month);
      const double hours = shop["Median time to answer by month"]["groups"][month]["value"].get<double>() / 3600;
      const double exact = of_month["median_response_hours"];
      EXPECT_NEAR(hours, exact, exact * kMedianError + 1e-3) << month;
    }
    for (const auto& [state, of_state] : truth["by_state"].items()) {
      ExpectCsat(shop["CSAT by state"]["groups"][state], of_state, state);
    }
    for (const auto& [status, of_status] : truth["by_order_status"].items()) {
      ExpectCsat(shop["CSAT by what became of the order"]["groups"][status], of_status, status);
    }
    const double median = shop["Median time to answer"]["total"]["value"].get<double>() / 3600;
    const double exact = truth["response_hours"]["median"];
    EXPECT_NEAR(median, exact, exact * kMedianError);
    EXPECT_EQ(shop["Response rate"]["total"]["answered"], truth["reviews"]);
    EXPECT_EQ(shop["decisions"]["every-90-days"]["qualified"], truth["quiet_period"]["90d"]["sent"]);
    EXPECT_EQ(shop["decisions"]["every-90-days"]["frequency cap"], truth["quiet_period"]["90d"]["suppressed"]);
  }

  std::unique_ptr<testing::ServerProcess> server_;
  std::string figures_path_;
};

TEST_F(DemoFiguresTest, AirportAndGardenEqualTheTruthTwice) {
  const json first = Play("airport,garden");
  CheckAirport(first["airport"]);
  CheckGarden(first["garden"]);
  const json again = Play("airport,garden");
  EXPECT_EQ(again, first) << "a second telling changed the figures";
}

TEST_F(DemoFiguresTest, ShopEqualsTheTruth) {
  const std::string olist = OlistDirectory();
  if (olist.empty()) GTEST_SKIP() << "Olist's data is not beside this checkout; it is not shipped";
  const json figures = Play("shop", {"--orders=" + olist + "/orders.csv.gz", "--reviews=" + olist + "/reviews.csv.gz"});
  CheckShop(figures["shop"], ReadJson(olist + "/truth.json"));
}

TEST_F(DemoFiguresTest, AKillInTheMiddleCostsNothing) {
  const pid_t demo = StartDemo("airport");
  absl::SleepFor(absl::Milliseconds(900));
  server_->Kill();
  const absl::Status restarted = server_->Restart();
  ASSERT_TRUE(restarted.ok()) << restarted;
  absl::SleepFor(absl::Milliseconds(300));
  EXPECT_TRUE(server_->KillDatabase().ok());
  int state = 0;
  waitpid(demo, &state, 0);
  EXPECT_TRUE(WIFEXITED(state) && WEXITSTATUS(state) == 0) << "the demo's own retries did not carry it through";
  CheckAirport(Play("airport")["airport"]);
}

TEST_F(DemoFiguresTest, AnInterruptedTellingIsSimplyTakenUpAgain) {
  const pid_t demo = StartDemo("airport");
  absl::SleepFor(absl::Milliseconds(700));
  kill(demo, SIGKILL);
  waitpid(demo, nullptr, 0);
  CheckAirport(Play("airport")["airport"]);
}

}  // namespace
}  // namespace canvass
