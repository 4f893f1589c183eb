"""unit import --from: a roster out of an annex, whatever shape it has."""
import json
import os
import pathlib
import subprocess
import unittest

from office_case import START, OfficeTest

SEED = pathlib.Path(__file__).parents[1] / "data" / "notices" / "seed.txt"
LIST = """附件2

柳州市全民科学素质工作领导小组成员单位联络员名单

1．市委组织部    联络员甲    干部教育科科长    2000001   13800000001
2．市教育局：联络员乙（副科长），电话0772-2000002，邮箱 b@jyj.example
3．柳州工学院  联络员丁
组长：联络员戊（副市长）
4. 市红十字会
"""
TABLE = [["序号", "单位名称", "联络员", "手机", "邮箱"],
         ["1", "市教育局", "联络员甲", "13800000002", "a@jyj.example；b@jyj.example"],
         ["2", "市民政局", "联络员乙", "１３８０００００００３", ""],
         ["", "", "联络员丙", "", "c@mzj.example"],
         ["填表人：联络员甲", "", "", "", ""]]


def written(document):
    program = pathlib.Path(os.environ["LIANLUO"]).resolve().with_name("lianluo-write")
    return subprocess.run([program], input=json.dumps(document).encode(), capture_output=True,
                          check=True).stdout


class RosterAnnex(OfficeTest):
    def setUp(self):
        super().setUp()
        self.office(units={})

    def from_(self, name, content, *more):
        path = content if name is None else self.write(name, content)
        return self.data("unit", "import", "--from", path, *more, at=START)

    def units(self):
        """What the roster says by now: name → [(person, phone, mobile, email)]."""
        keys = ("name", "phone", "mobile", "email")
        return {unit["name"]: [tuple(contact[key] for key in keys) for contact in unit["contacts"]]
                for unit in self.data("unit", "list")["units"] if unit["code"] != "office"}

    def test_the_seeds_sections_are_its_units(self):
        result = self.from_(None, SEED)
        self.assertEqual(result["added"], 27)
        self.assertEqual((result["names"][0], result["names"][26]), ("市委组织部", "市关工委"))
        self.assertEqual(self.from_(None, SEED)["added"], 0)

    def test_a_list_is_read_line_by_line_and_what_is_unclear_is_named(self):
        result = self.from_("list.txt", LIST)
        self.assertEqual(self.units(), {
            "市委组织部": [("联络员甲", "2000001", "13800000001", "")],
            "市教育局": [("联络员乙", "0772-2000002", "", "b@jyj.example")],
            "柳州工学院": [("联络员丁", "", "", "")], "市红十字会": []})
        self.assertEqual(result["notes"], ["第 8 行没有认出单位：组长：联络员戊（副市长）"])

    def test_names_in_a_row_are_units_each(self):
        result = self.from_("names.txt", "成员单位名单\n\n市委组织部、市教育局，市科技局、\n"
                                         "团市委，市妇联。\n")
        self.assertEqual(result["names"],
                         ["市委组织部", "市教育局", "市科技局", "团市委", "市妇联"])

    def test_tables_are_read_in_any_file(self):
        docx = written({"format": "docx", "blocks": [{"title": "名单"}, {"table": TABLE}]})
        xlsx = written({"format": "xlsx", "sheet": "名单", "table": TABLE})
        for name, data in (("a.docx", docx), ("a.xlsx", xlsx)):
            result = self.from_(name, data)
            self.assertEqual(result["names"], ["市教育局", "市民政局", "市民政局"])
            self.assertIn("又一个联系人", result["notes"][0])
        self.assertEqual(self.units()["市民政局"], [("联络员乙", "", "13800000003", ""),
                                                ("联络员丙", "", "", "c@mzj.example")])

    def test_columns_of_blanks_are_a_table_unless_cells_are_broken(self):
        result = self.from_("a.txt", "  单位        联络员      手机\n"
                                     "  市教育局     联络员甲    13800000002\n"
                                     "  市民政局     联络员乙    13800000003\n        — 1 —\n")
        self.assertEqual((result["contacts"], result["notes"]), (2, []))
        result = self.from_("b.txt", "单位      联络员    手机\n"
                                     "市财政局   联络员丙   138000\n                 00004\n"
                                     "市气象局   联络员丁   13800000005\n")
        self.assertEqual((result["added"], result["contacts"]), (2, 0))
        self.assertIn("折成了几行", result["notes"][-1])

    def test_a_unit_keeps_the_name_that_it_has_on_the_roster(self):
        self.from_("names.txt", "名单\n市教育局、市财政局\n")
        result = self.from_("again.txt", "名单\n柳州市教育局  联络员甲\n")
        self.assertEqual((result["added"], result["changed"]), (0, 0))
        self.assertEqual(result["notes"], ["第 2 行的“柳州市教育局”就是名册里的“市教育局”"])

    def test_a_dry_run_shows_and_keeps_nothing(self):
        out = self.run_("unit", "import", "--from", SEED, "--dry-run").stdout
        self.assertIn("市科协\n", out)
        self.assertEqual(self.units(), {})

    def test_a_paper_without_units_is_refused(self):
        path = self.write("a.txt", "今天天气很好。\n")
        result = self.run_("unit", "import", "--from", path, code=2)
        self.assertIn("没有读出单位", result.stderr)


if __name__ == "__main__":
    unittest.main()
