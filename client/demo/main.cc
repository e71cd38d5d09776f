// canvass-demo: plays the customers of real companies through a server and shows what their owners want to see.
//
//   canvass-demo --address=127.0.0.1:7443 --operator-key-file=FILE [--data-dir=tests/data]
//                [--orders=FILE --reviews=FILE] [--only=airport,garden,shop] [--in-flight=N] [--figures=FILE]
//                [--keys=DIR]

#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/charts/progress.h"
#include "client/demo/figures.h"
#include "client/demo/player.h"
#include "client/demo/story.h"

namespace canvass::demo {
namespace {

struct Flags {
  std::string address = "127.0.0.1:7443";
  std::string operator_key_file;
  std::string data_dir = "tests/data";
  std::string orders;
  std::string reviews;
  std::vector<std::string> only = {"airport", "garden", "shop"};
  int in_flight = 256;
  std::string figures;
  std::string keys;
};

charts::ChartStyle StyleOf(int descriptor) {
  const bool terminal = isatty(descriptor) != 0;
  charts::ChartStyle style{.width = 100, .color = terminal && std::getenv("NO_COLOR") == nullptr};
  winsize size{};
  if (terminal && ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) style.width = size.ws_col;
  return style;
}

// One progress line at a time, a new one whenever the work changes.
class ProgressPrinter {
 public:
  ProgressPrinter()
      : line_([](absl::string_view text) { std::cerr << text << std::flush; },
              {.live = isatty(STDERR_FILENO) != 0, .style = StyleOf(STDERR_FILENO)}) {}

  void Show(const std::string& label, int64_t done, int64_t total) {
    const absl::Time now = absl::Now();
    if (label != label_) {
      label_ = label;
      start_ = now;
    }
    const charts::Progress progress{.label = label, .done = done, .total = total, .elapsed = now - start_};
    if (done == total) {
      line_.Finish(progress);
    } else {
      line_.Update(progress, now);
    }
  }

 private:
  charts::ProgressLine line_;
  std::string label_;
  absl::Time start_;
};

absl::StatusOr<Story> LoadStory(const std::string& name, const Flags& flags) {
  if (name == "airport") return AirportStory(flags.data_dir);
  if (name == "garden") return GardenStory(flags.data_dir);
  if (name == "shop") return ShopStory(flags.orders, flags.reviews);
  return absl::InvalidArgumentError(absl::StrCat("--only: '", name, "' is not one of airport, garden, shop"));
}

// A file that only its owner can read.
void WriteKey(const std::filesystem::path& directory, const std::string& tenant, const std::string& credential) {
  std::filesystem::create_directories(directory);
  const std::filesystem::path path = directory / (tenant + ".key");
  std::ofstream file(path);
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  file << credential << "\n";
}

absl::Status Play(const Flags& flags) {
  std::ifstream key_file(flags.operator_key_file);
  std::string operator_credential;
  std::getline(key_file, operator_credential);
  if (!key_file) return absl::NotFoundError(absl::StrCat("--operator-key-file: cannot read ", flags.operator_key_file));

  ProgressPrinter printer;
  nlohmann::json figures_json;
  for (const std::string& name : flags.only) {
    if (name == "shop" && flags.orders.empty()) continue;
    const absl::StatusOr<Story> story = LoadStory(name, flags);
    if (!story.ok()) return story.status();
    Player player({.address = flags.address, .operator_credential = operator_credential, .in_flight = flags.in_flight},
                  [&](absl::string_view what, int64_t done, int64_t total) {
                    printer.Show(absl::StrCat(name, " ", what), done, total);
                  });
    const absl::StatusOr<Telling> telling = player.Tell(*story);
    if (!telling.ok()) return telling.status();
    const absl::StatusOr<Figures> figures = AskFigures(player.client(), *story);
    if (!figures.ok()) return figures.status();
    std::cout << DrawFigures(*story, *telling, *figures, StyleOf(STDOUT_FILENO)) << std::flush;
    figures_json[name] = FiguresJson(*figures);
    if (!flags.keys.empty()) WriteKey(flags.keys, name, player.credential());
  }
  if (!flags.figures.empty()) std::ofstream(flags.figures) << figures_json.dump(1) << "\n";
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  Flags flags;
  CLI::App app("Plays the customers of real companies through a Canvass server.");
  app.add_option("--address", flags.address, "the server")->capture_default_str();
  app.add_option("--operator-key-file", flags.operator_key_file, "holds the operator's credential")->required();
  app.add_option("--data-dir", flags.data_dir, "the data sets that are shipped")->capture_default_str();
  CLI::Option* orders = app.add_option("--orders", flags.orders, "Olist's orders (CSV, may be gzipped)");
  CLI::Option* reviews = app.add_option("--reviews", flags.reviews, "Olist's reviews (CSV, may be gzipped)");
  orders->needs(reviews);
  reviews->needs(orders);
  app.add_option("--only", flags.only, "which stories: airport, garden, shop")->delimiter(',');
  app.add_option("--in-flight", flags.in_flight, "customers at the same time")->check(CLI::Range(1, 4096));
  app.add_option("--figures", flags.figures, "write the figures here as JSON");
  app.add_option("--keys", flags.keys, "a directory for the tenants' credentials, for the owner alone");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Play(flags);
  if (status.ok()) return 0;
  std::cerr << "\ncanvass-demo: " << status.message() << "\n";
  return 1;
}

}  // namespace
}  // namespace canvass::demo

int main(int argc, char** argv) { return canvass::demo::Main(argc, argv); }
