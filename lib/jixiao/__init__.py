"""Performance self-evaluation reports (绩效自评报告) of Chinese public institutes as tidy pandas tables."""
