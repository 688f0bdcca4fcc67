/// `part / whole`, and 0 without a whole: how every score here treats what cannot be divided.
func quotient(_ part: Int, _ whole: Int) -> Double { quotient(Double(part), Double(whole)) }

/// `part / whole`, and 0 without a whole.
func quotient(_ part: Double, _ whole: Double) -> Double { whole == 0 ? 0 : part / whole }

/// The mean; 0 of nothing.
func average(_ values: some Collection<Double>) -> Double { quotient(values.reduce(0, +), Double(values.count)) }
