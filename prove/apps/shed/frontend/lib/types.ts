export interface Tool {
  key: string;
  name: string;
  shelf: string;
  depositCents: number;
  tags: string[];
  isRetired: boolean;
  outUntil: string | null;
  isMine: boolean;
  waiting: number;
  myPlace: number | null;
}

export interface Loan {
  key: string;
  toolKey: string;
  toolName: string;
  lentOn: string;
  dueOn: string;
  returnedOn: string | null;
  depositCents: number;
}

export interface Takings {
  months: { month: string; cents: number; loans: number }[];
  totalCents: number;
}

export interface Page<T> {
  items: T[];
  total: number;
}
