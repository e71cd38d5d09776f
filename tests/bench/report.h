// The figures of a run: a table for people while it goes, one line a figure for scripts at its end.
//
//   bench <name> <value> <bar> ok|short
#ifndef CANVASS_TESTS_BENCH_REPORT_H_
#define CANVASS_TESTS_BENCH_REPORT_H_

#include <string>
#include <vector>

namespace canvass::bench {

struct Figure {
  std::string name;
  double value = 0;
  // At least this; 0 for a figure that is told without a bar.
  double bar = 0;
  bool ok() const { return value >= bar; }
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
