// What a company wants to see at the end of its story: its figures, asked of the server, as charts for a terminal and
// as JSON for a test.
#ifndef CANVASS_CLIENT_DEMO_FIGURES_H_
#define CANVASS_CLIENT_DEMO_FIGURES_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "canvass/v1/decision_service.pb.h"
#include "canvass/v1/metric_service.pb.h"
#include "client/charts/style.h"
#include "client/cpp/client.h"
#include "client/demo/player.h"
#include "client/demo/story.h"

namespace canvass::demo {

struct Figure {
  Wish wish;
  v1::QueryMetricResponse answer;
};

struct Figures {
  std::vector<Figure> metrics;
  std::vector<v1::DecisionCount> decisions;
};

// Asks the server for everything that the story's company wishes to see.
absl::StatusOr<Figures> AskFigures(client::Client& client, const Story& story);

// The figures as people read them.
std::string DrawFigures(const Story& story, const Telling& telling, const Figures& figures,
                        const charts::ChartStyle& style);

// The figures as a program compares them: {"title": {"total": {...}, "groups": {...}}, "decisions": {...}}.
nlohmann::json FiguresJson(const Figures& figures);

}  // namespace canvass::demo

#endif  // CANVASS_CLIENT_DEMO_FIGURES_H_
