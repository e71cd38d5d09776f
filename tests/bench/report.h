// The figures of a run: a table for people while it goes, one line a figure for scripts at its end.
//
//   bench <name> <value> <bar> ok|short|over
#ifndef CANVASS_TESTS_BENCH_REPORT_H_
#define CANVASS_TESTS_BENCH_REPORT_H_

#include <string>
#include <vector>

namespace canvass::bench {

struct Figure {
  std::string name;
  double value = 0;
  // 0 for a figure that is told without a bar.
  double bar = 0;
  enum class Bound { kAtLeast, kAtMost };
  Bound bound = Bound::kAtLeast;
  // A value of which not even this can be said (NaN) reaches no bar.
  bool ok() const { return bar == 0 || (bound == Bound::kAtLeast ? value >= bar : value <= bar); }
};

class Report {
 public:
  void Add(Figure figure) { figures_.push_back(std::move(figure)); }
  // Prints the closing lines. Returns whether every bar was reached.
  bool Close() const;

 private:
  std::vector<Figure> figures_;
};

// The middle of `values`, the mean of the two middle ones of an even count; 0 if there are none.
double Median(std::vector<double> values);

}  // namespace canvass::bench

#endif  // CANVASS_TESTS_BENCH_REPORT_H_
